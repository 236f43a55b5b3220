import { perform } from '../billing/due-work.ts'
import {
  nextForInvoice,
  nextForPaymentIntent,
  nextForSchedule,
  nextForSubscription,
  STEPS,
  type Due,
  type Step,
} from '../billing/due.ts'
import { expireSession } from '../checkout/expire-session.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { wallNow } from '../time.ts'
import { Agenda, type Appointment } from './agenda.ts'

/** Names the timeline of the sandbox's own clock; a test clock's timeline has its id. */
const SANDBOX = 'sandbox'

/** Performs what is due on the sandbox's clock and on each test clock. Checkout sessions expire by the wall clock. */
export class Timelines {
  readonly #account: Account
  /** The timelines of all accounts, which share the sandbox's clock. */
  readonly #all: readonly Timelines[]
  readonly #agendas = new Map<string, Agenda>()
  readonly #sessions = new Agenda()

  constructor(account: Account, all: readonly Timelines[]) {
    this.#account = account
    this.#all = all
    account.subscriptions.watch((row) => this.#noteSubscription(row))
    account.invoices.watch((row) => this.#noteInvoice(row))
    account.schedules.watch((row) => this.#note(row.test_clock, 'schedules', row.id, nextForSchedule(row)))
    account.paymentIntents.watch((row) => {
      if (row.capture_before === null) return
      const clock = row.customer === null ? null : (account.customers.find(row.customer)?.test_clock ?? null)
      this.#note(clock, 'payment_intents', row.id, nextForPaymentIntent(row))
    })
    account.checkoutSessions.watch((row) => {
      if (row.status === 'open')
        this.#sessions.add({ at: row.expires_at, order: 0, table: 'checkout_sessions', id: row.id })
    })
  }

  /** Recomputes when each subscription and invoice is due, after a setting has changed. */
  plan(): void {
    for (const row of this.#account.subscriptions.all()) this.#noteSubscription(row)
    for (const row of this.#account.invoices.all()) this.#noteInvoice(row)
  }

  /**
   * When the next step is due.
   *
   * @param testClock null for the sandbox's own clock.
   * @returns null if nothing is due.
   */
  nextDue(testClock: string | null): number | null {
    const agenda = this.#agendas.get(testClock ?? SANDBOX)
    for (let next = agenda?.peek(); agenda && next; next = agenda.peek()) {
      if (this.#validStep(next)) return next.at
      agenda.take()
    }
    return null
  }

  /** Performs what has become due as real time passed. */
  catchUp(): void {
    this.#run(SANDBOX, this.#account.now(), (time, work) => this.#account.at(time, work))
    for (let next = this.#sessions.peek(); next && next.at <= wallNow(); next = this.#sessions.peek()) {
      const { id } = next
      this.#sessions.take()
      if (this.#account.checkoutSessions.find(id)?.status === 'open')
        this.#account.journal.transaction(() => expireSession(this.#account, id))
    }
  }

  /**
   * Moves the sandbox's clock to `time` for all accounts, stopping at every due moment on the way. The clock never goes
   * back.
   */
  advanceSandbox(time: number): void {
    for (const timelines of this.#all) timelines.#advance(time)
  }

  #advance(time: number): void {
    const account = this.#account
    this.#run(SANDBOX, time, (moment, work) => account.at(moment, work))
    account.journal.transaction(() => {
      const seconds = Math.max(account.offset, time - wallNow())
      if (account.clockOffset.has('offset')) account.clockOffset.patch('offset', { seconds })
      else account.clockOffset.insert({ id: 'offset', seconds })
    })
  }

  /** Moves a test clock to `time`, stopping at every due moment on the way. */
  advanceTestClock(id: string, time: number): void {
    this.#run(id, time, (moment, work) => {
      // What a change has made due in the past happens now.
      const { frozen_time } = this.#account.testClocks.get(id)
      this.#account.testClocks.patch(id, { frozen_time: Math.max(moment, frozen_time) })
      work()
    })
  }

  #run(timeline: string, until: number, standingAt: (time: number, work: () => void) => void): void {
    const agenda = this.#agendas.get(timeline)
    if (!agenda) return
    for (let next = agenda.peek(); next && next.at <= until; next = agenda.peek()) {
      agenda.take()
      const step = this.#validStep(next)
      if (!step) continue
      const { at, id } = next
      this.#account.journal.transaction(() => standingAt(at, () => perform(this.#account, step, id)))
    }
  }

  /** The step that an appointment is for; null if the appointment is out of date. */
  #validStep(appointment: Appointment): Step | null {
    const due = this.#dueFor(appointment)
    return due?.at === appointment.at && STEPS[appointment.order] === due.step ? due.step : null
  }

  /** What is due now for the row of an appointment. */
  #dueFor({ table, id }: Appointment): Due | null {
    if (table === 'invoices') {
      const invoice = this.#account.invoices.find(id)
      return invoice ? nextForInvoice(this.#account, invoice) : null
    }
    if (table === 'schedules') {
      const schedule = this.#account.schedules.find(id)
      return schedule ? nextForSchedule(schedule) : null
    }
    if (table === 'payment_intents') {
      const intent = this.#account.paymentIntents.find(id)
      return intent ? nextForPaymentIntent(intent) : null
    }
    const subscription = this.#account.subscriptions.find(id)
    return subscription ? nextForSubscription(this.#account, subscription) : null
  }

  #noteSubscription(row: SubscriptionRow): void {
    this.#note(row.test_clock, 'subscriptions', row.id, nextForSubscription(this.#account, row))
  }

  #noteInvoice(row: InvoiceRow): void {
    this.#note(row.test_clock, 'invoices', row.id, nextForInvoice(this.#account, row))
  }

  #note(testClock: string | null, table: string, id: string, due: Due | null): void {
    if (!due) return
    const timeline = testClock ?? SANDBOX
    const agenda = this.#agendas.get(timeline) ?? new Agenda()
    this.#agendas.set(timeline, agenda)
    agenda.add({ at: due.at, order: STEPS.indexOf(due.step), table, id })
  }
}
