import type { Response } from 'express'
import { LOOK } from './look.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup that needs no escaping. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | Html | readonly Html[] | false | undefined

/** Builds markup. Values are escaped unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((text, index) => text + render(parts[index])).join(''))
}

function render(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(({ text }) => text).join('')
  return part.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}

const STYLE = `
${LOOK}
:root { font: 16px/1.55 var(--font); --brand: light-dark(#0b6b57, #6fd0b6); --on-brand: light-dark(#fff, #06251d); }
body.google { --brand: light-dark(#0b57d0, #a8c7fa); --on-brand: light-dark(#fff, #062e6f); --radius-m: 1.4rem; }
body.github { --brand: light-dark(#1a7f37, #4ac26b); --on-brand: light-dark(#fff, #04260f); --ground: light-dark(#f6f8fa, #0d1117); --surface: light-dark(#fff, #161b22); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
.banner { background: var(--warning-ground); color: var(--warning); text-align: center; padding: .4rem 1rem; font-size: .82rem; font-weight: 600; }
main { max-width: 30rem; margin: 0 auto; padding: 1.75rem 1rem 3rem; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.4rem 1.3rem; }
.provider { display: flex; align-items: center; gap: .6rem; margin: 0 0 1rem; font-weight: 650; } .provider svg { width: 1.75rem; height: 1.75rem; flex: none; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .3rem; } h2 { font-size: 1rem; margin: 1.4rem 0 .5rem; } h2.provider { margin-bottom: .4rem; } p { margin: .3rem 0; } a { color: var(--brand); }
.muted { color: var(--ink-quiet); font-size: .88rem; }
[role=alert] { border-left: 4px solid var(--bad); background: var(--bad-ground); color: var(--bad); border-radius: var(--radius-s); padding: .6rem .8rem; font-weight: 600; }
fieldset { border: 0; margin: 1.1rem 0 0; padding: 0; min-width: 0; } legend { font-weight: 600; padding: 0; margin-bottom: .3rem; }
.choices { border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; }
label.choice { display: flex; gap: .75rem; align-items: center; padding: .65rem .85rem; min-height: 3.25rem; cursor: pointer; border-top: 1px solid var(--line); } label.choice:first-child { border-top: 0; } label.choice:hover, label.choice:has(:checked) { background: var(--surface-sunken); }
label.choice input { accent-color: var(--brand); width: 1.1rem; height: 1.1rem; margin: 0; flex: none; } label.choice img, .avatar { width: 2.25rem; height: 2.25rem; border-radius: 50%; flex: none; } .avatar { display: grid; place-items: center; border: 1px dashed var(--line-strong); color: var(--ink-quiet); }
b { font-weight: 600; } label.choice b, ul.rows b { display: block; font-weight: 600; line-height: 1.35; } .new { padding: 0 .85rem 1rem; } label.choice:not(:has(:checked)) + .new { display: none; }
label.field { display: block; margin-top: .7rem; font-size: .88rem; font-weight: 600; }
label.field :is(input, select) { display: block; width: 100%; margin-top: .2rem; padding: .55rem .65rem; font: inherit; font-weight: 400; border: 1px solid var(--line-strong); border-radius: 8px; background: var(--surface); color: var(--ink); }
.buttons { display: flex; flex-direction: row-reverse; gap: .75rem; margin-top: 1.3rem; } button { flex: 1; min-height: 2.75rem; padding: .6rem 1rem; font: inherit; font-weight: 620; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: none; color: inherit; cursor: pointer; }
button.main { background: var(--brand); border-color: var(--brand); color: var(--on-brand); } button:hover { filter: brightness(1.06); } :is(input, select, button, a):focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
ul.rows { list-style: none; margin: 0; padding: 0; } ul.rows li { display: flex; gap: .75rem; align-items: center; padding: .5rem 0; border-top: 1px solid var(--line); } ul.rows li:first-child { border-top: 0; } ul.rows img { width: 2.25rem; height: 2.25rem; border-radius: 50%; }
`

interface Page {
  title: string
  body: Html
  /** Whose page it looks like; the sandbox's own if not set. */
  provider?: 'google' | 'github'
}

/** Sends a complete page. Its content security policy allows no scripts. */
export function sendPage(res: Response, status: number, { title, body, provider }: Page): void {
  const page = html`<!doctype html>
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
      <body class="${provider ?? ''}">
        <header class="banner">SANDBOX: this is not the real provider and needs no password</header>
        <main><div class="card">${body}</div></main>
      </body>
    </html>`
  res
    .status(status)
    .set({
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    .type('html')
    .send(page.text)
}
