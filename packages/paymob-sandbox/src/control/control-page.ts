import type { Paymob } from '../callbacks/paymob.ts'
import { momentOf, TIME_ZONES } from '../dates.ts'
import { html, type Html } from '../pages/html.ts'
import { document } from '../pages/layout.ts'
import { nextDueAt } from '../subscriptions/due.ts'
import { pathOf, type Choice } from './choice.ts'
import type { Flash } from './flashes.ts'
import { TABS, type Tab } from './tabs.ts'

/**
 * The control page: the clock, and a tab for each kind of object and for every kind of failure.
 *
 * @returns null if there is no such tab.
 */
export function controlPage(paymob: Paymob, asked: Choice, flash: Flash | undefined): Html | null {
  const tab = TABS.find(({ id }) => id === asked.tab)
  if (!tab) return null
  return document(
    tab.id === '' ? 'Controls' : tab.title,
    html`<h1>Paymob sandbox</h1>
      ${tabLinks(paymob, tab)} ${flashed(flash)} ${timePanel(paymob)} ${tab.content(paymob, asked)}
      <p class="muted">
        Programs can do the same with JSON: <code>POST /_/clock/advance {"days": 31}</code>; see
        <code>packages/paymob-sandbox/README.md</code>.
      </p>`,
    { wide: true },
  )
}

/** @param current null on a page that is not a tab. */
export function tabLinks(paymob: Paymob, current: Tab | null): Html {
  return html`<nav aria-label="Controls">
    ${TABS.map((tab) => {
      const href = pathOf({ tab: tab.id, text: '', status: '', page: 1 })
      const number = tab.count(paymob)
      const label = html`${tab.title}${number !== null && number > 0 && html` <span class="count">${number}</span>`}`
      return tab === current
        ? html`<a href="${href}" aria-current="page">${label}</a>`
        : html`<a href="${href}">${label}</a>`
    })}
  </nav>`
}

export function flashed(flash: Flash | undefined): Html | null {
  return flash ? html`<p role="status" class="${flash.failed ? 'bad' : 'good'}">${flash.text}</p>` : null
}

export function timePanel(paymob: Paymob): Html {
  const { account, clock } = paymob
  const due = nextDueAt(paymob)
  return html`<section class="panel" aria-label="Time">
    <p>
      <strong>${momentOf(account.region, clock.now())}</strong> <span class="muted">${TIME_ZONES[account.region]}</span>
    </p>
    <p class="muted">${due === null ? 'Nothing is due.' : `Next due: ${momentOf(account.region, due)}`}</p>
    <form method="post" action="/_/buttons/advance" class="bar">
      <button class="small" name="by" value="next">To the next due date</button>
      <button class="small plain" name="by" value="hour">+ 1 hour</button>
      <button class="small plain" name="by" value="day">+ 1 day</button>
      <button class="small plain" name="by" value="month">+ 30 days</button>
    </form>
  </section>`
}
