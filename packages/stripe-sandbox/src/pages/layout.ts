import type { Response } from 'express'
import { embeddedScript, SCRIPT_HASH } from './embedding.ts'
import { Html, html } from './html.ts'
import { merchantStyle, type Merchant } from './merchant.ts'
import { STYLE } from './style.ts'

/** A complete page, in the merchant's color if given. It needs no script, and {@link sendPage} allows none. */
export function document(
  title: string,
  body: Html,
  { wide = false, merchant, embedded = false }: { wide?: boolean; merchant?: Merchant; embedded?: boolean } = {},
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
          <span>STRIPE SANDBOX, TEST MODE: no real money</span>
          <a href="/_/" target="${embedded ? '_blank' : '_self'}">Sandbox controls</a>
        </header>
        ${wide ? html`<main class="wide">${body}</main>` : html`<main>${body}</main>`} ${embedded && embeddedScript}
      </body>
    </html>`
}

/**
 * Sends a page. Only an embedded one, or one with a `script` (its hash), may be in a frame of another site, and run
 * that script. The sites it links to don't see its URL.
 */
export function sendPage(
  response: Response,
  status: number,
  page: Html,
  { embedded = false, script = embedded ? SCRIPT_HASH : undefined }: { embedded?: boolean; script?: string } = {},
): void {
  const framing =
    script === undefined ? "frame-ancestors 'none'" : `script-src ${script}; connect-src 'self'; frame-ancestors *`
  response
    .status(status)
    .set({
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; ${framing}`,
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
export function notice(title: string, text: string, link?: Link, { embedded = false } = {}): Html {
  return document(
    title,
    html`<div class="panel">
      <h1>${title}</h1>
      <p>${text}</p>
      ${link && html`<p><a href="${link.href}">${link.label}</a></p>`}
    </div>`,
    { embedded },
  )
}
