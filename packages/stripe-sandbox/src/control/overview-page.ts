import { html, type Html } from '../pages/html.ts'
import { document } from '../pages/layout.ts'
import type { Account } from '../state/account.ts'
import { pathOf, type Choice } from './choice.ts'
import type { Flash } from './flashes.ts'
import type { Shown } from './shown.ts'
import { TABS, type Tab } from './tabs.ts'
import { timeForms } from './time-forms.ts'

/** The control page: the clocks, and a tab for each kind of object and for every kind of failure. */
export function overviewPage(shown: Shown, asked: Choice, flash: Flash | undefined): Html | null {
  const tab = TABS.find(({ id }) => id === asked.tab)
  if (!tab) return null
  return document(
    tab.id === '' ? 'Controls' : tab.title,
    html`<h1>Stripe sandbox</h1>
      <nav aria-label="Controls">${TABS.map((each) => tabLink(each, each === tab, shown.account))}</nav>
      ${flashed(flash)} ${timeForms(shown, pathOf(asked))} ${tab.content(shown, asked)}
      <p class="muted">
        Programs can do the same with JSON: <code>POST /_/clock/advance {"days": 31}</code>. The README of
        <code>@tollgate/stripe-sandbox</code> has all calls.
      </p>`,
    { wide: true },
  )
}

function tabLink({ id, title, count }: Tab, isCurrent: boolean, account: Account): Html {
  const href = pathOf({ tab: id, text: '', status: '', page: 1 })
  const number = count(account)
  const label = html`${title}${number !== null && number > 0 && html` <span class="count">${number}</span>`}`
  return isCurrent ? html`<a href="${href}" aria-current="page">${label}</a>` : html`<a href="${href}">${label}</a>`
}

export function flashed(flash: Flash | undefined): Html | null {
  if (!flash) return null
  return html`<p role="status" class="${flash.failed ? 'bad' : 'good'}">${flash.text}</p>`
}
