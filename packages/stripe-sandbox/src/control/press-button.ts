import { endSubscription } from '../billing/end-subscription.ts'
import { boundary } from '../billing/periods.ts'
import { arrive } from '../clock/arrive.ts'
import type { Timelines } from '../clock/timelines.ts'
import { invalidRequest } from '../http/errors.ts'
import { formatMoney } from '../money.ts'
import { closeDispute, isClosed, openDispute } from '../payments/disputes.ts'
import { failRefund, refundCharge } from '../payments/refunds.ts'
import { DECLINE_NAMES } from '../payments/test-cards.ts'
import { openPortal } from '../portal/open-portal.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { Table } from '../state/table.ts'
import { DAY, formatDate, formatMoment, HOUR } from '../time.ts'
import type { Chaos } from '../webhooks/chaos.ts'
import type { Deliverer } from '../webhooks/deliverer.ts'
import { makeSamplePlans, openSampleCheckout } from './checkout-panel.ts'
import { rollSecret } from './webhook-secrets.routes.ts'

export interface ControlRoom {
  readonly account: Account
  readonly timelines: Timelines
  readonly deliverer: Deliverer
  readonly chaos: Chaos
}

export type Fields = Readonly<Record<string, string>>

/** The result of a button: a message, or the path of a sandbox page to go to. */
export type Pressed = { readonly says: string } | { readonly leadsTo: string }

/**
 * The buttons of the control page. Each returns what it did.
 *
 * @throws {StripeApiError} 400 with the reason for invalid fields.
 */
export const BUTTONS: Readonly<Record<string, (room: ControlRoom, fields: Fields) => Pressed>> = {
  advance({ account, timelines }, { clock = '', by = '', to = '' }) {
    const testClock = clock === '' ? null : named(account.testClocks, clock, 'test clock')
    const now = testClock?.frozen_time ?? account.now()
    const target =
      by === 'next' ? timelines.nextDue(testClock?.id ?? null) : by === 'to' ? parseTime(to) : later(now, by)
    if (target === null) return { says: 'Nothing is due on this clock, so it was not moved.' }
    if (target < now) throw invalidRequest('A clock only goes forward.')
    if (testClock) {
      account.testClocks.patch(testClock.id, { status: 'advancing', target })
      arrive(account, timelines, testClock.id)
    } else timelines.advanceSandbox(target)
    return { says: `It is now ${formatMoment(target)}.` }
  },
  chaos({ chaos }, fields) {
    const share = (name: string): number => number(fields, name, { max: 100 }) / 100
    const delayMs = number(fields, 'delayMs', { max: 600_000 })
    chaos.deliveries = { drop: share('drop'), duplicate: share('duplicate'), reorder: share('reorder'), delayMs }
    const calm = Object.values(chaos.deliveries).every((value) => value === 0)
    return { says: calm ? 'Deliveries now succeed.' : 'Deliveries now fail as set.' }
  },
  'fail-next'({ chaos }, fields) {
    const count = number(fields, 'count', { max: 10_000 })
    const how = fields['how'] ?? ''
    const status = Number(how)
    const afterExecution = fields['afterExecution'] === 'on'
    if (how !== 'timeout' && how !== 'reset' && !(status >= 400 && status <= 599))
      throw invalidRequest('Choose how the calls fail: with a status, a timeout or a broken connection.')
    chaos.failNext(
      count,
      how === 'timeout' || how === 'reset' ? { [how]: true, afterExecution } : { status, afterExecution },
    )
    const one = count === 1
    const way = wayOf(how, one)
    if (count === 0) return { says: 'API calls now succeed.' }
    const after = afterExecution ? ` after ${one ? 'it is' : 'they are'} carried out` : ''
    return { says: `The next ${one ? 'API call' : `${count} API calls`} ${way}${after}.` }
  },
  'fail-charges'({ account }, { customer = '', decline = '' }) {
    const { id, email } = named(account.customers, customer, 'customer')
    const failCharges = DECLINE_NAMES.find((name) => name === decline) ?? null
    if (decline !== '' && !failCharges) throw invalidRequest('This decline does not exist.')
    account.customers.patch(id, { failCharges })
    return { says: `Charges to ${email ?? id} now ${failCharges ? `fail: ${failCharges}` : 'depend on the card'}.` }
  },
  dispute({ account }, { charge = '' }) {
    const row = named(account.charges, charge, 'charge')
    if (!row.paid || row.disputed) throw invalidRequest('Only a paid charge without a dispute can be disputed.')
    openDispute(account, row.id, { reason: 'fraudulent' })
    return { says: `The payment of ${formatMoney(row.amount, row.currency)} is disputed.` }
  },
  'close-dispute'({ account }, { dispute = '', outcome = '' }) {
    const row = named(account.disputes, dispute, 'dispute')
    if (isClosed(row)) throw invalidRequest('This dispute is already closed.')
    closeDispute(account, row.id, outcome === 'won' ? 'won' : 'lost')
    return { says: `The dispute is ${outcome === 'won' ? 'won' : 'lost'}.` }
  },
  refund({ account }, { charge = '' }) {
    const { amount, currency } = refundCharge(account, named(account.charges, charge, 'charge'), {
      reason: 'requested_by_customer',
      metadata: {},
    })
    return { says: `${formatMoney(amount, currency)} refunded.` }
  },
  'fail-refund'({ account }, { refund = '' }) {
    const row = named(account.refunds, refund, 'refund')
    if (row.status === 'failed') throw invalidRequest('This refund has already failed.')
    failRefund(account, row.id)
    return { says: 'The refund failed at the bank.' }
  },
  cancel({ account }, { subscription = '', when = '' }) {
    const row = named(account.subscriptions, subscription, 'subscription')
    if (row.ended_at !== null) throw invalidRequest('This subscription has already ended.')
    if (when === 'now') {
      endSubscription(account, row.id, { reason: 'cancellation_requested' })
      return { says: 'The subscription has ended.' }
    }
    updateSubscription(account, row.id, {
      cancel_at: null,
      cancel_at_period_end: true,
      canceled_at: account.nowOf(row.customer),
    })
    const end = Math.min(...row.items.map((item) => item.current_period_end))
    return { says: `The subscription ends on ${formatDate(end)}.` }
  },
  resume({ account }, { subscription = '' }) {
    const row = named(account.subscriptions, subscription, 'subscription')
    if (row.ended_at !== null) throw invalidRequest('This subscription has already ended.')
    updateSubscription(account, row.id, { cancel_at: null, cancel_at_period_end: false, canceled_at: null })
    return { says: 'The subscription is no longer set to cancel.' }
  },
  'roll-secret'({ account }, fields) {
    const endpoint = named(account.webhookEndpoints, fields['endpoint'] ?? '', 'webhook endpoint')
    const hours = number(fields, 'hours', { max: 24 })
    const secret = rollSecret(account, endpoint, { expiresInSeconds: hours * HOUR })
    const old = hours === 0 ? 'no longer signs' : `keeps signing for ${hours === 1 ? 'an hour' : `${hours} hours`}`
    return { says: `The new secret is ${secret}. The old one ${old}.` }
  },
  resend({ account, deliverer }, { delivery = '' }) {
    const { id, type, url } = named(account.deliveries, delivery, 'delivery')
    deliverer.resend(id)
    return { says: `${type} was sent to ${url} again.` }
  },
  'sample-plans'({ account }) {
    return { says: `On sale now: ${makeSamplePlans(account).join('; ')}.` }
  },
  checkout({ account }, { price = '' }) {
    return { leadsTo: openSampleCheckout(account, price) }
  },
  'portal-plan-changes'({ account }, { let: allowed = '' }) {
    account.settings = { ...account.settings, portalPlanChanges: allowed === 'on' }
    return { says: `Customers can ${allowed === 'on' ? 'now' : 'no longer'} change plans in the portal.` }
  },
  portal({ account }, { customer = '' }) {
    const { id, deleted } = named(account.customers, customer, 'customer')
    if (deleted) throw invalidRequest('This customer has been deleted.')
    const { token } = openPortal(account, id, { return_url: `${account.publicUrl}/_/customers/${id}` })
    return { leadsTo: `/p/session/${token}` }
  },
}

function named<Row extends { readonly id: string }, Index extends string>(
  table: Table<Row, Index>,
  id: string,
  noun: string,
): Row {
  const row = table.find(id)
  if (!row) throw invalidRequest(`This ${noun} does not exist.`)
  return row
}

/** How calls fail, as the predicate of a sentence about one call or several. */
function wayOf(how: string, one: boolean): string {
  if (how === 'timeout') return one ? 'gets no response' : 'get no response'
  if (how === 'reset') return `${one ? 'ends' : 'end'} with a broken connection`
  return `${one ? 'fails' : 'fail'} with ${how}`
}

function number(fields: Fields, name: string, { max }: { max: number }): number {
  const value = Number(fields[name] || 0)
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw invalidRequest(`\`${name}\` must be a whole number from 0 to ${max}.`)
  return value
}

function later(now: number, by: string): number {
  if (by === 'hour') return now + HOUR
  if (by === 'day') return now + DAY
  if (by === 'month') return boundary(now, { interval: 'month', interval_count: 1 }, 1)
  throw invalidRequest('Choose how far: an hour, a day, a month, to the next due date, or to a date.')
}

/** Reads a form's date or time as UTC. */
function parseTime(text: string): number {
  const time = Date.parse(/T\d\d:\d\d$/.test(text) ? `${text}Z` : text)
  if (Number.isNaN(time)) throw invalidRequest('Enter a date.')
  return Math.floor(time / 1000)
}
