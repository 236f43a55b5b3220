import type { Response } from 'express'
import { Html, html } from './html.ts'
import { merchantStyle, type Merchant } from './merchant.ts'
import { STYLE } from './style.ts'

/** A complete page, in the merchant's color if given. It needs no script, and {@link sendPage} allows none. */
export function document(
  title: string,
  body: Html,
  { wide = false, merchant }: { wide?: boolean; merchant?: Merchant } = {},
): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Stripe sandbox</title>
        <style>
          ${new Html(STYLE)}
        </style>
        ${merchant && merchantStyle(merchant)}
      </head>
      <body>
        <header class="banner">
          <span>STRIPE SANDBOX, TEST MODE: no real money</span> <a href="/_/">Sandbox controls</a>
        </header>
        ${wide ? html`<main class="wide">${body}</main>` : html`<main>${body}</main>`}
      </body>
    </html>`
}

/** Sends a page. Other sites can't put it in a frame, and the sites it links to don't see its URL. */
export function sendPage(response: Response, status: number, page: Html): void {
  response
    .status(status)
    .set({
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    .type('html')
    .send(page.text)
}

export interface Link {
  readonly href: string
  readonly label: string
}

/** A page with nothing but a message, and a link if given. */
export function notice(title: string, text: string, link?: Link): Html {
  return document(
    title,
    html`<div class="panel">
      <h1>${title}</h1>
      <p>${text}</p>
      ${link && html`<p><a href="${link.href}">${link.label}</a></p>`}
    </div>`,
  )
}
