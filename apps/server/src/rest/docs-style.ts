import { createHash } from 'node:crypto'
import { brandCss, type Brand } from '../platform/brand/brand.ts'
import type { Html } from './html.ts'
import { LOOK } from './look.ts'

/** The style of the reference and of the root page, in the brand's colors. */
const STYLE = `
* { box-sizing: border-box }
html { scroll-padding-top: 7.5rem }
body { margin: 0; font: 16px/1.55 var(--font); color: var(--ink); background: var(--ground) }
a { color: var(--brand) }
a:hover { color: var(--brand-hover) }
:is(a, button, input, summary, pre):focus-visible { outline: 3px solid var(--brand); outline-offset: 2px }
code, pre { font: 13.5px/1.5 var(--font-mono) }
.skip { position: absolute; left: -100vw }
.skip:focus { left: 1rem; top: 1rem; background: var(--surface); padding: .5rem; z-index: 3 }
.top { position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: .75rem; min-height: 3.5rem; padding: .5rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--surface) }
.brand { display: flex; align-items: center; gap: .6rem; margin: 0 auto 0 0; font-weight: 650; color: inherit; text-decoration: none }
.brand img { display: block; height: 2rem; width: auto; max-width: 10rem }
input[type=search] { font: inherit; width: 100%; min-height: 2.5rem; padding: .4rem .7rem; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--surface); color: var(--ink) }
.menu { position: sticky; top: 3.5rem; z-index: 1; max-height: calc(100dvh - 3.5rem); overflow-y: auto }
.menu summary { cursor: pointer; padding: .75rem 1.25rem; font-weight: 600; border-bottom: 1px solid var(--line); background: var(--surface) }
.menu nav { padding: .75rem 1.25rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--surface-sunken) }
nav h2 { font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--ink-quiet); margin: 1.1rem 0 .25rem }
nav ul { list-style: none; margin: 0; padding: 0 }
nav a { display: flex; gap: .5rem; align-items: baseline; padding: .3rem 0; color: inherit; text-decoration: none; font-size: .86rem; overflow-wrap: anywhere }
nav a:hover { text-decoration: underline }
.none { color: var(--ink-quiet); font-size: .9rem }
main { padding: 1.25rem; max-width: 78rem; min-width: 0 }
h1 { margin: .5rem 0 1rem; font-size: 1.75rem; line-height: 1.2 }
.tag { margin-top: 3rem }
.tag > h2 { border-bottom: 2px solid var(--line); padding-bottom: .3rem }
article { padding: 1.25rem 0; border-bottom: 1px solid var(--line) }
article h3 { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: 0 0 .4rem }
article h3 code { font-size: 1.05rem; overflow-wrap: anywhere }
h4 { margin: 1rem 0 .3rem; font-size: .8rem; letter-spacing: .04em; text-transform: uppercase; color: var(--ink-quiet) }
.summary { margin: 0 0 .3rem }
.who { color: var(--ink-quiet) }
.method { font: 700 .7rem/1 var(--font-mono); padding: .25rem .35rem; border-radius: var(--radius-s); min-width: 3.6rem; text-align: center; flex: none; background: var(--calm-ground); color: var(--calm) }
.post { background: var(--good-ground); color: var(--good) } .patch, .put { background: var(--warning-ground); color: var(--warning) } .delete { background: var(--bad-ground); color: var(--bad) }
.fields { list-style: none; margin: .2rem 0; padding: 0 0 0 .8rem; border-left: 2px solid var(--line) }
.fields li { padding: .15rem 0; overflow-wrap: anywhere; color: var(--ink-quiet) }
.fields li > code:first-child { color: var(--ink); font-weight: 600 }
.type { margin: .2rem 0; color: var(--ink-quiet) }
dl { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: .35rem .5rem; margin: 0 }
dt { font: 700 .85rem/1.8 var(--font-mono) }
dd { margin: 0; min-width: 0 }
dd > ul:not(.fields) { margin: 0; padding: 0; list-style: none }
dd li code { overflow-wrap: anywhere }
.good { color: var(--good) } .bad { color: var(--bad) }
pre { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-m); padding: .8rem; margin: 0 0 .7rem; overflow-x: auto }
.home { max-width: 40rem; margin: 0 auto; padding: 2.5rem 1.25rem }
.home h1 { margin: 0 0 .4rem }
.home form { margin: 1.25rem 0 }
.home button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.1rem; border: 0; border-radius: var(--radius-m); background: var(--brand); color: var(--on-brand); cursor: pointer }
.home button:hover { background: var(--brand-hover) }
.doors { list-style: none; margin: 1.5rem 0; padding: 0; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); overflow: hidden }
.doors li + li { border-top: 1px solid var(--line) }
.doors a { display: block; padding: .85rem 1.1rem; color: inherit; text-decoration: none }
.doors a:hover { background: var(--surface-sunken) }
.doors b { display: block; color: var(--brand); font-weight: 620 }
.doors span { color: var(--ink-quiet); font-size: .92rem; overflow-wrap: anywhere }
@media (min-width: 62rem) {
  html { scroll-padding-top: 1rem }
  .reference { display: grid; grid-template: 'top main' auto 'menu main' 1fr / 21rem minmax(0, 1fr) }
  .reference .top { grid-area: top; position: static; border-right: 1px solid var(--line) }
  .menu { grid-area: menu; top: 0; height: 100vh; max-height: none; border-right: 1px solid var(--line); background: var(--surface-sunken) }
  .menu summary { display: none }
  .menu nav { border: 0 }
  .reference main { grid-area: main; padding: 2rem 2.5rem }
  .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 2rem }
}
`

/** Filters the menu while the reader types, keeps it open on a wide screen, and closes it on a phone after a choice. */
const SCRIPT = `
const menu = document.querySelector('.menu')
const wide = matchMedia('(min-width: 62rem)')
const arrange = () => { menu.open = wide.matches }
wide.addEventListener('change', arrange)
arrange()
const search = menu.querySelector('input')
search.hidden = false
search.addEventListener('input', () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let found = 0
  for (const group of menu.querySelectorAll('section')) {
    let shown = 0
    for (const entry of group.querySelectorAll('li')) {
      entry.hidden = !words.every((word) => entry.dataset.words.includes(word))
      if (!entry.hidden) shown += 1
    }
    group.hidden = shown === 0
    found += shown
  }
  menu.querySelector('.none').hidden = found > 0
})
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.closest('input')) return
  event.preventDefault()
  menu.open = true
  search.focus()
})
menu.addEventListener('click', (event) => { if (event.target.closest('a') && !wide.matches) menu.open = false })
`

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64')

/** The script of the reference page. Its page works without it. */
export const DOCS_SCRIPT_ELEMENT: Html = { html: `<script>${SCRIPT}</script>` }

/** What the pages of this slice share: their style, and a policy that allows only that, the script and the logo. */
export interface PageLook {
  /** A single value, because a browser also hashes every space between the tags. */
  readonly style: Html
  readonly policy: string
  readonly brand: Brand
}

/** Makes the style in the brand's colors, and the policy that contains its hash. */
export function createPageLook(brand: Brand): PageLook {
  const css = `${LOOK}${brandCss(brand)}${STYLE}`
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hashOf(css)}'`,
    `script-src 'sha256-${hashOf(SCRIPT)}'`,
    ...(brand.logoUrl === null ? [] : [`img-src ${new URL(brand.logoUrl).origin}`]),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return { style: { html: `<style>${css}</style>` }, policy: policy.join(';'), brand }
}
