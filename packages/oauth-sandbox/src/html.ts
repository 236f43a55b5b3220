import type { Response } from 'express'

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
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8884; }
body { margin: 0 auto; max-width: 28rem; padding: 1.5rem 1rem 3rem; }
.banner { background: #b45309; color: #fff; border-radius: .4rem; padding: .3rem .75rem; font-size: .8rem; font-weight: 600; }
h1 { font-size: 1.3rem; margin: 1.25rem 0 .25rem; } .muted { opacity: .7; font-size: .85rem; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: .5rem .9rem .9rem; } legend { font-weight: 600; padding: 0 .3rem; }
label.choice { display: flex; gap: .6rem; align-items: baseline; padding: .35rem 0; }
label.field { display: block; margin-top: .6rem; font-size: .85rem; font-weight: 550; }
label.field :is(input, select) { display: block; box-sizing: border-box; width: 100%; margin-top: .15rem; padding: .5rem .6rem; font: inherit; border: 1px solid var(--line); border-radius: .4rem; background: Field; color: FieldText; }
.buttons { display: flex; flex-direction: row-reverse; gap: .75rem; } button { flex: 1; padding: .65rem; font: inherit; font-weight: 600; border: 1px solid var(--line); border-radius: .4rem; background: none; color: inherit; cursor: pointer; }
button.main { background: #4f46e5; border-color: #4f46e5; color: #fff; } :is(input, select, button):focus-visible { outline: 3px solid #818cf8; outline-offset: 2px; }
`

/** Sends a complete page. Its content security policy allows no scripts. */
export function sendPage(res: Response, status: number, title: string, body: Html): void {
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
      <body>
        <header class="banner">SANDBOX: this is not the real provider and needs no password</header>
        <main>${body}</main>
      </body>
    </html>`
  res
    .status(status)
    .set({
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    .type('html')
    .send(page.text)
}
