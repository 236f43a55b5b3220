import { LOOK } from './look.ts'

/** The style of the inbox: a list beside the mail, and on a phone one at a time. */
export const STYLE = `
${LOOK}
:root { font: 16px/1.5 var(--font); --brand: light-dark(#0b6b57, #6fd0b6); --on-brand: light-dark(#fff, #06251d); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
a { color: var(--brand); }
:is(a, button, input):focus-visible { outline: 3px solid var(--brand); outline-offset: -2px; }
.top { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .7rem 1rem; border-bottom: 1px solid var(--line); background: var(--surface); }
.top h1 { font-size: 1.1rem; margin: 0; } .top h1 a { color: inherit; text-decoration: none; } .top p { margin: 0 auto 0 0; } .muted { color: var(--ink-quiet); font-size: .86rem; }
form { margin: 0; } input { font: inherit; padding: .45rem .65rem; min-height: 2.5rem; width: 100%; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--surface); color: var(--ink); }
button { font: inherit; font-weight: 600; min-height: 2.5rem; padding: .4rem .8rem; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: none; color: inherit; cursor: pointer; }
.search { padding: .7rem 1rem; border-bottom: 1px solid var(--line); }
ul { list-style: none; margin: 0; padding: 0; }
.mails a { display: block; padding: .65rem 1rem; border-bottom: 1px solid var(--line); color: inherit; text-decoration: none; }
.mails a:hover { background: var(--surface-sunken); } .mails a[aria-current] { background: var(--good-ground); box-shadow: inset 3px 0 var(--brand); }
.mails b { display: block; font-weight: 500; line-height: 1.35; } .mails .unread b { font-weight: 700; } .mails .line { display: flex; justify-content: space-between; gap: .75rem; } .mails time { white-space: nowrap; }
.empty { padding: 2rem 1rem; color: var(--ink-quiet); }
.mail { padding: 1rem; min-width: 0; } .mail h2 { font-size: 1.25rem; line-height: 1.3; margin: .2rem 0 .5rem; } .mail dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .1rem .8rem; margin: 0 0 .8rem; font-size: .9rem; } .mail dt { color: var(--ink-quiet); } .mail dd { margin: 0; }
.tabs { display: flex; gap: .4rem; margin: 0 0 .8rem; } .tabs a { padding: .4rem .8rem; border-radius: var(--radius-m); text-decoration: none; color: inherit; border: 1px solid var(--line-strong); } .tabs a[aria-current] { background: var(--brand); border-color: var(--brand); color: var(--on-brand); }
iframe { display: block; width: 100%; height: 70vh; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); } pre { white-space: pre-wrap; margin: 0; padding: 1rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); font: .88rem/1.5 var(--font-mono); }
.back { display: inline-block; padding: .4rem 0; }
@media (max-width: 51.99rem) { .open .list { display: none; } .nothing { display: none; } }
@media (min-width: 52rem) { .panes { display: grid; grid-template-columns: 22rem minmax(0, 1fr); min-height: calc(100vh - 4rem); } .list { border-right: 1px solid var(--line); } .back { display: none; } .mail { padding: 1.25rem 1.75rem; } .list ul { max-height: calc(100vh - 8.5rem); overflow-y: auto; } }
`

/** Shows times as the reader writes them, shows new mails without a reload by the reader, and gives the mail's frame the height of the mail. */
export const SCRIPT = `
const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
for (const time of document.querySelectorAll('time')) time.textContent = format.format(new Date(time.dateTime))
const newest = document.body.dataset.newest
setInterval(async () => {
  const answer = await fetch('/newest').catch(() => null)
  if (answer?.ok && (await answer.text()) !== newest && document.activeElement?.tagName !== 'INPUT') location.reload()
}, 2000)
const frame = document.querySelector('iframe')
const fit = () => { const page = frame.contentDocument?.documentElement; if (page) frame.style.height = page.scrollHeight + 2 + 'px' }
frame?.addEventListener('load', fit)
if (frame?.contentDocument?.readyState === 'complete') fit()
`
