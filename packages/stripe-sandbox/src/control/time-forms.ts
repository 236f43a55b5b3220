import type { Timelines } from '../clock/timelines.ts'
import { html, type Html } from '../pages/html.ts'
import { tag } from '../pages/tags.ts'
import type { Account } from '../state/account.ts'
import { formatMoment } from '../time.ts'

/**
 * The clocks side by side, each with its next due date and the buttons to move it.
 *
 * @param only the one clock to show: a test clock's id, or null for the sandbox's own.
 */
export function timeForms(
  { account, timelines }: { account: Account; timelines: Timelines },
  back: string,
  only?: string | null,
): Html {
  const own = { id: '', name: "The sandbox's clock", time: account.now(), customers: null }
  const testClocks = account.testClocks.all().map(({ id, name, frozen_time }) => ({
    id,
    name: name ?? id,
    time: frozen_time,
    customers: account.customers.by('test_clock', id).length,
  }))
  const clocks = [own, ...testClocks].filter((clock) => only === undefined || clock.id === (only ?? ''))
  return html`<section class="grid ${clocks.length > 1 ? 'two' : ''}" aria-label="Time">
    ${clocks.map(({ id, name, time, customers }) => {
      const due = timelines.nextDue(id === '' ? null : id)
      return html`<div class="panel">
        <div class="bar">
          <h2>${name}</h2>
          ${customers !== null && tag(`test clock, ${customers} ${customers === 1 ? 'customer' : 'customers'}`, 'calm')}
        </div>
        <p><strong>${formatMoment(time)}</strong></p>
        <p class="muted">${due === null ? 'Nothing is due.' : `Next due date: ${formatMoment(due)}`}</p>
        <form method="post" action="/_/buttons/advance" class="bar">
          <input type="hidden" name="back" value="${back}" /><input type="hidden" name="clock" value="${id}" />
          <button class="small" name="by" value="next">To the next due date</button>
          <button class="small plain" name="by" value="hour">+ 1 hour</button>
          <button class="small plain" name="by" value="day">+ 1 day</button>
          <button class="small plain" name="by" value="month">+ 1 month</button>
          <label
            >To <input name="to" type="datetime-local" value="${new Date(time * 1000).toISOString().slice(0, 16)}"
          /></label>
          <button class="small plain" name="by" value="to">Go (UTC)</button>
        </form>
      </div>`
    })}
  </section>`
}
