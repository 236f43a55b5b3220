import type { Response } from 'express'
import { Html, html } from './html.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8884; --accent: #4f46e5; }
body { margin: 0 auto; max-width: 30rem; padding: 1.5rem 1rem 3rem; }
.banner { background: #b45309; color: #fff; border-radius: .4rem; padding: .3rem .75rem; font-size: .8rem; font-weight: 600; letter-spacing: .04em; }
h1 { font-size: 1.4rem; margin: 1.25rem 0 .25rem; } h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
.amount { font-size: 2rem; font-weight: 650; margin: 0; } .muted { opacity: .7; margin: .25rem 0; }
label { display: block; margin: .9rem 0 .2rem; font-size: .9rem; font-weight: 550; }
input, select { box-sizing: border-box; width: 100%; padding: .6rem .7rem; font: inherit; border: 1px solid var(--line); border-radius: .4rem; background: Field; color: FieldText; }
.row { display: flex; gap: .75rem; } .row > div { flex: 1; }
button { width: 100%; margin-top: 1.25rem; padding: .7rem; font: inherit; font-weight: 600; border: 0; border-radius: .4rem; background: var(--accent); color: #fff; cursor: pointer; }
button.plain { background: none; color: inherit; border: 1px solid var(--line); }
:is(input, select, button, a):focus-visible { outline: 3px solid #818cf8; outline-offset: 2px; }
[role=alert] { border: 1px solid #dc2626; border-radius: .4rem; padding: .6rem .8rem; margin: 1rem 0; }
ul.lines { list-style: none; margin: 1rem 0; padding: 0; } ul.lines li { display: flex; justify-content: space-between; gap: 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
table { width: 100%; border-collapse: collapse; font-size: .85rem; } td, th { text-align: left; padding: .3rem .4rem; border-bottom: 1px solid var(--line); }
`

/** A whole page; it needs no script, and allows none. */
export function document(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <div class="banner">TEST MODE: no real money moves here</div>
        <main>${body}</main>
      </body>
    </html>`
}

/** Sends a page. Its forms may only go to the sandbox itself and, by redirect, to where the merchant's site is. */
export function sendPage(response: Response, status: number, page: Html): void {
  response
    .status(status)
    .set({
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .type('html')
    .send(page.text)
}

/** A page that only says something. */
export function notice(title: string, text: string, link?: { href: string; label: string }): Html {
  return document(
    title,
    html`<h1>${title}</h1>
      <p>${text}</p>
      ${link && html`<p><a href="${link.href}">${link.label}</a></p>`}`,
  )
}
