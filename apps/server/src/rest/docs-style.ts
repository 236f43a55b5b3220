import { createHash } from 'node:crypto'
import type { Html } from './html.ts'

/** The style of the reference page. The page's policy contains its hash. */
const DOCS_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6675; --line: #dfe4ea; --page: #fff; --shade: #f5f7f9; --link: #1a56b0; --good: #1a7a43; --bad: #a8322a }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --soft: #9aa7b5; --line: #2c3642; --page: #12171d; --shade: #1a212a; --link: #84b5ff; --good: #5fcf90; --bad: #f08f86 } }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--page) }
a { color: var(--link); text-decoration: none }
a:hover, a:focus-visible { text-decoration: underline }
code, pre { font: 13.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace }
.skip { position: absolute; left: -100vw }
.skip:focus { left: 1rem; top: 1rem; background: var(--page); padding: .5rem; z-index: 1 }
nav { padding: 1.25rem; border-bottom: 1px solid var(--line); background: var(--shade); max-height: 40vh; overflow-y: auto }
nav h2 { font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); margin: 1.1rem 0 .25rem }
nav ul { list-style: none; margin: 0; padding: 0 }
nav a { display: flex; gap: .5rem; align-items: baseline; padding: .2rem 0; color: inherit; font-size: .85rem; overflow-wrap: anywhere }
.brand { font-weight: 700; margin: 0 }
main { padding: 1.25rem; max-width: 78rem; min-width: 0 }
h1 { margin: .5rem 0 1rem; line-height: 1.2 }
.tag { margin-top: 3rem }
.tag > h2 { border-bottom: 2px solid var(--line); padding-bottom: .3rem }
article { padding: 1.25rem 0; border-bottom: 1px solid var(--line) }
article h3 { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: 0 0 .4rem }
article h3 code { font-size: 1.05rem; overflow-wrap: anywhere }
h4 { margin: 1rem 0 .3rem; font-size: .8rem; letter-spacing: .04em; text-transform: uppercase; color: var(--soft) }
.anchor { opacity: .6 }
.summary { margin: 0 0 .3rem }
.who { color: var(--soft) }
.method { font: 700 .7rem/1 ui-monospace, monospace; padding: .25rem .35rem; border-radius: .25rem; border: 1px solid currentColor; min-width: 3.6rem; text-align: center; flex: none }
.get { color: var(--link) } .post { color: var(--good) } .patch { color: #9a6200 } .delete { color: var(--bad) }
@media (prefers-color-scheme: dark) { .patch { color: #e0b35c } }
.fields { list-style: none; margin: .2rem 0; padding: 0 0 0 .8rem; border-left: 2px solid var(--line) }
.fields li { padding: .15rem 0; overflow-wrap: anywhere; color: var(--soft) }
.fields li > code:first-child { color: var(--ink); font-weight: 600 }
.type { margin: .2rem 0; color: var(--soft) }
dl { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: .35rem .5rem; margin: 0 }
dt { font: 700 .85rem/1.8 ui-monospace, monospace }
dd { margin: 0; min-width: 0 }
dd > ul:not(.fields) { margin: 0; padding: 0; list-style: none }
dd li code { overflow-wrap: anywhere }
.good { color: var(--good) } .bad { color: var(--bad) }
pre { background: var(--shade); border: 1px solid var(--line); border-radius: .4rem; padding: .8rem; margin: 0 0 .7rem; overflow-x: auto }
@media (min-width: 62rem) {
  body { display: grid; grid-template-columns: 21rem minmax(0, 1fr) }
  nav { position: sticky; top: 0; height: 100vh; max-height: none; border-bottom: 0; border-right: 1px solid var(--line) }
  main { padding: 2rem 2.5rem }
  .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 2rem }
}
`

/** A single value, because a browser also hashes every space between the tags. */
export const DOCS_STYLE_ELEMENT: Html = { html: `<style>${DOCS_STYLE}</style>` }

const styleHash = createHash('sha256').update(DOCS_STYLE).digest('base64')

/** Such a page needs only its own style: no scripts, no images, no other hosts. */
export const DOCS_POLICY = `default-src 'none';style-src 'sha256-${styleHash}';base-uri 'none';form-action 'none';frame-ancestors 'none'`
