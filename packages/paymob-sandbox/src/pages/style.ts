import { LOOK } from '../look.ts'

/** The style of every page: the product's colors, light and dark mode, narrow screens first. */
export const STYLE = `
${LOOK}
:root { font: 16px/1.55 var(--font); --brand: light-dark(#0b6b57, #6fd0b6); --on-brand: light-dark(#fff, #06251d); --brand-soft: light-dark(#e3f1ec, #17312a); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
.banner { display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; justify-content: center; text-align: center; background: var(--warning-ground); color: var(--warning); padding: .4rem 1rem; font-size: .82rem; font-weight: 600; } .banner a { color: inherit; }
main { max-width: 34rem; margin: 0 auto; padding: 1.25rem 1rem 4rem; } main.wide { max-width: 72rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; } h2 { font-size: 1.1rem; margin: 0 0 .6rem; } h3 { font-size: 1rem; margin: 0; } p { margin: .4rem 0; } a { color: var(--brand); }
.amount { font-size: 2.2rem; font-weight: 680; margin: 0; letter-spacing: -.02em; } .merchant { display: flex; align-items: center; gap: .6rem; margin: 0 0 .9rem; font-weight: 620; } .mark { display: inline-grid; place-items: center; width: 2rem; height: 2rem; border-radius: var(--radius-m); background: var(--brand); color: var(--on-brand); font-weight: 700; } .muted { color: var(--ink-quiet); font-size: .9rem; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.1rem 1.2rem; margin: 0 0 1rem; min-width: 0; }
.checkout { display: grid; gap: 1rem; } .checkout > * { margin: 0; }
@media (min-width: 52rem) { .checkout { grid-template: 'what form' auto 'cards form' 1fr / 1fr 1fr; align-items: start; } .checkout .what { grid-area: what; } .checkout .form { grid-area: form; } .checkout .cards { grid-area: cards; } }
label { display: block; margin: .8rem 0 .2rem; font-size: .88rem; font-weight: 600; }
input, select { width: 100%; padding: .55rem .65rem; font: inherit; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--surface); color: var(--ink); } input[readonly] { background: var(--ground); } input[type=checkbox] { width: auto; margin: 0 .4rem 0 0; }
.row { display: flex; gap: .75rem; } .row > div { flex: 1; }
button, .button { width: 100%; margin-top: 1.1rem; padding: .65rem 1rem; font: inherit; font-weight: 620; border: 1px solid transparent; border-radius: var(--radius-m); background: var(--brand); color: var(--on-brand); cursor: pointer; }
button:hover { filter: brightness(1.08); } button.plain { background: none; color: inherit; border-color: var(--line-strong); } button.small { width: auto; margin: 0; padding: .25rem .65rem; font-size: .85rem; } button.danger { color: var(--bad); border-color: currentColor; background: none; }
:is(input, select, button, a, summary):focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
[role=alert] { border-left: 4px solid var(--bad); background: var(--bad-ground); color: var(--bad); border-radius: var(--radius-m); padding: .6rem .8rem; margin: .8rem 0; font-weight: 600; }
[role=status] { border-left: 4px solid var(--good); background: var(--good-ground); color: var(--good); border-radius: var(--radius-m); padding: .6rem .8rem; margin: .8rem 0; } [role=status].bad { border-color: var(--bad); background: var(--bad-ground); color: var(--bad); }
ul.lines, ul.deck, ul.rows { list-style: none; margin: .6rem 0; padding: 0; } ul.lines li { display: flex; justify-content: space-between; gap: 1rem; padding: .55rem 0; border-bottom: 1px solid var(--line); } ul.lines li > :last-child { text-align: right; white-space: nowrap; }
ul.deck { display: grid; gap: .45rem; } ul.deck button { margin: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: 0 .8rem; text-align: left; font-weight: 400; background: none; color: inherit; border-color: var(--line-strong); padding: .45rem .7rem; } ul.deck b { font-variant-numeric: tabular-nums; white-space: nowrap; } ul.deck button:hover { border-color: var(--brand); }
ul.rows > li { padding: .8rem 0; border-top: 1px solid var(--line); } ul.rows > li:first-child { border-top: 0; padding-top: 0; } ul.rows > li:last-child { padding-bottom: 0; } ul.rows:last-child, ul.lines:last-child, ul.deck:last-child { margin-bottom: 0; } ul.lines li:last-child { border-bottom: 0; }
.bar { display: flex; flex-wrap: wrap; gap: .4rem .6rem; align-items: center; } .bar > .push { margin-left: auto; } .bar form { margin: 0; } .bar select, .bar input { width: auto; max-width: 100%; padding: .22rem .45rem; font-size: .85rem; } .bar label { margin: 0; }
.tag { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .8rem; font-weight: 620; background: var(--calm-ground); color: var(--calm); white-space: nowrap; } .tag.good { background: var(--good-ground); color: var(--good); } .tag.bad { background: var(--bad-ground); color: var(--bad); } .tag.warn { background: var(--warning-ground); color: var(--warning); } .tag.blue { background: var(--calm-ground); color: var(--calm); }
.grid { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; } .grid > .panel { margin: 0; } @media (min-width: 60rem) { .grid.two { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } } .grid { margin-bottom: 1rem; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .3rem .75rem; } .fields label { margin: .3rem 0 .1rem; }
nav { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .92rem; margin: 0 -1rem 1rem; padding: .6rem 1rem; background: var(--ground); border-bottom: 1px solid var(--line); } nav a { white-space: nowrap; padding: .3rem 0; color: var(--ink-quiet); text-decoration: none; border-bottom: 2px solid transparent; } nav a:hover { color: var(--ink); } nav a[aria-current] { color: var(--ink); border-color: var(--brand); font-weight: 600; } .count { font-size: .78rem; color: var(--ink-quiet); } .search { margin-bottom: 1rem; } .search input[type=search] { flex: 0 1 16rem; }
details { margin: .3rem 0 0; } summary { cursor: pointer; font-size: .9rem; } pre { overflow: auto; max-height: 24rem; margin: .4rem 0; padding: .7rem; font-size: .78rem; line-height: 1.4; background: var(--ground); border: 1px solid var(--line); border-radius: var(--radius-m); white-space: pre-wrap; } code { font-size: .88em; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem .9rem; margin: 0; font-size: .9rem; } dt { color: var(--ink-quiet); } dd { margin: 0; }
.settings { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0 .75rem; align-items: end; }
`
