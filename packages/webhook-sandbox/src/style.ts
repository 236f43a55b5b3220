import { LOOK } from './look.ts'

/** The style of the page: the product's colors, light and dark mode, narrow screens first. */
export const STYLE = `
${LOOK}
:root { font: 16px/1.55 var(--font); --brand: light-dark(#0b6b57, #6fd0b6); --on-brand: light-dark(#fff, #06251d); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
.banner { background: var(--warning-ground); color: var(--warning); padding: .4rem 1rem; font-size: .82rem; font-weight: 600; text-align: center; }
main { max-width: 72rem; margin: 0 auto; padding: 1.25rem 1rem 4rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; } h2 { font-size: 1.1rem; margin: 0 0 .6rem; } p { margin: .4rem 0; }
.muted { color: var(--ink-quiet); font-size: .9rem; } code { font-family: var(--font-mono); font-size: .88em; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.1rem 1.2rem; min-width: 0; }
.grid { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); margin-bottom: 1rem; } @media (min-width: 60rem) { .grid { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
label { display: block; margin: .6rem 0 .2rem; font-size: .88rem; font-weight: 600; }
input, select { width: 100%; min-height: 2.5rem; padding: .5rem .65rem; font: inherit; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--surface); color: var(--ink); }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 0 .75rem; }
.line { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; } .line > div { flex: 1 1 16rem; } .line label { margin-top: .3rem; } form { margin: 0 0 .4rem; }
button { min-height: 2.5rem; padding: .45rem .9rem; font: inherit; font-weight: 620; border: 1px solid transparent; border-radius: var(--radius-m); background: var(--brand); color: var(--on-brand); cursor: pointer; }
button.plain { background: none; color: inherit; border-color: var(--line-strong); } button.small { min-height: 0; padding: .25rem .65rem; font-size: .85rem; } .fields + .bar { margin-top: .9rem; }
:is(input, select, button, summary, pre):focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
[role=status] { border-left: 4px solid var(--good); background: var(--good-ground); color: var(--good); border-radius: var(--radius-m); padding: .6rem .8rem; margin: .8rem 0; } [role=status].bad { border-color: var(--bad); background: var(--bad-ground); color: var(--bad); }
.bar { display: flex; flex-wrap: wrap; gap: .4rem .6rem; align-items: center; } .bar form { margin: 0; } .push, .bar form.push { margin-left: auto; } .long { grid-column: span 2; } .head { margin-bottom: .8rem; } .head h2 { margin: 0; }
ul { list-style: none; margin: 0; padding: 0; } ul > li { padding: .8rem 0; border-top: 1px solid var(--line); } li:last-child { padding-bottom: 0; }
.tag { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .8rem; font-weight: 620; background: var(--calm-ground); color: var(--calm); white-space: nowrap; } .tag.good { background: var(--good-ground); color: var(--good); } .tag.bad { background: var(--bad-ground); color: var(--bad); } .tag.warn { background: var(--warning-ground); color: var(--warning); }
details { margin: .3rem 0 0; } summary { cursor: pointer; font-size: .9rem; padding: .15rem 0; } pre { overflow: auto; max-height: 24rem; margin: .4rem 0; padding: .7rem; font: .8rem/1.45 var(--font-mono); background: var(--surface-sunken); border: 1px solid var(--line); border-radius: var(--radius-m); white-space: pre-wrap; }
`

/** Shows times as the reader writes them, and new deliveries without a reload by the reader. */
export const SCRIPT = `
const format = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', dateStyle: 'short' })
for (const time of document.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime))
setInterval(async () => {
  const answer = await fetch('/_/state').catch(() => null)
  const isBusy = document.querySelector('details[open]') || ['INPUT', 'SELECT'].includes(document.activeElement?.tagName)
  if (answer?.ok && (await answer.text()) !== document.body.dataset.state && !isBusy) location.reload()
}, 2000)
`
