import type { PaymobSubscription, PaymobTransaction } from './api/answers.ts'
import type { PaymobApi } from './api/paymob-api.ts'
import { providerError } from './api/paymob-error.ts'
import { addDays, daysBetween, type PaymobCalendar } from './dates.ts'
import { readDebts, settleRenewals, type Attempts, type Debt, type PagePayment } from './debts/read-debts.ts'
import { readNotes, type ChangeNote, type Notes } from './notes.ts'
import { isCardCheck, readReference, writeReference, type CheckoutOrigin } from './references.ts'

export type { Attempts } from './debts/read-debts.ts'

/** Everything that Paymob and our notes say of one subscription. */
export interface Ledger {
  subscription: PaymobSubscription
  notes: Notes
  /** Null if it was not bought on our checkout page. */
  origin: CheckoutOrigin | null
  /** The payment that began it. Before a trial or a later start, it only checked the card. */
  first: PaymobTransaction
  /** The renewals, oldest first, each with its attempts, and with the page's payment that paid it after them. */
  renewals: readonly Attempts[]
  /** Payments on pages for renewals that Paymob had given up. */
  debts: readonly Debt[]
  /** What was paid although its renewal was paid or had ended: it is paid back. */
  surplus: readonly PaymobTransaction[]
  /** The payments of plan changes in the current period. */
  changes: readonly PaymobTransaction[]
  /** The plan change that is not finished. */
  change: OpenChange | null
  period: Period
}

export interface OpenChange extends ChangeNote {
  /** The payment of what is due, whatever came of it; null if there is none. */
  payment: PaymobTransaction | null
  /** Whether all that is due is paid, so that the change counts. */
  isPaid: boolean
}

export interface Period {
  start: Date
  /** `start` as a date. */
  startDate: string
  end: Date
  /** The renewal that began the period; null if the first payment did. */
  renewal: Attempts | null
}

/** An end this far away stands for none, if Paymob does not take `null`. */
export const NEVER = '2099-12-31'

/** How many of the newest deductions are enough to know the current period: a page. */
const NEWEST = 10

/**
 * Reads a subscription.
 *
 * @param options.all reads all its payments; otherwise only the newest.
 * @param options.debt a payment of a page that the notes may no longer know.
 * @returns null if Paymob does not know it.
 */
export async function loadLedger(
  api: PaymobApi,
  calendar: PaymobCalendar,
  id: string,
  { all = false, debt }: { all?: boolean; debt?: PagePayment } = {},
): Promise<Ledger | null> {
  const subscription = await api.subscription(id)
  if (!subscription) return null
  const first = await api.transaction(subscription.initial_transaction)
  if (!first) throw providerError(`Paymob does not know the first payment of the subscription ${id}.`)
  // Whether the list has what customers paid on a page is not documented. Refunds and voids have a parent.
  const isDeduction = (one: PaymobTransaction) =>
    one.id !== first.id && one.parent_transaction === null && !isByCustomer(one, first)
  const listed = await take(api.transactionsOf(id), isDeduction, all ? Number.POSITIVE_INFINITY : NEWEST)
  const deductions = listed.toSorted((one, other) => Number(one.id) - Number(other.id))
  const notes = readNotes(subscription)
  const attempts = groupAttempts(deductions, subscription, calendar)
  const debts = await readDebts(api, id, { notes, attempts, debt })
  const endedAt = hasEnded(subscription) ? endedAtOf({ subscription, notes }, calendar) : notes.endedAt
  const { renewals, surplus } = settleRenewals({ subscription, endedAt, attempts, debts }, calendar)
  const period = periodOf(subscription, first, renewals, calendar)
  const [changes, change] = await Promise.all([
    Promise.all(
      notes.paid
        .filter((paid) => paid.period === period.startDate)
        .map(async ({ transactionId }) => api.transaction(transactionId)),
    ),
    notes.change && readChange(api, id, notes.change),
  ])
  const reference = readReference(first.order.merchant_order_id)
  const paid = changes.filter((one) => one !== null)
  // It is paid, and not noted as paid yet.
  const isNew = change?.isPaid && change.payment && !paid.some((one) => one.id === change.payment?.id)
  return {
    ...{ subscription, notes, first, renewals, debts, surplus, period, change },
    origin: reference?.kind === 'checkout' ? reference : null,
    changes: isNew && change.payment ? [...paid, change.payment] : paid,
  }
}

/** Whether a customer paid it on a page, such as the check of a new card. Renewals are paid without them. */
const isByCustomer = (one: PaymobTransaction, first: PaymobTransaction): boolean =>
  one.is_3d_secure === true || (one.integration_id !== null && one.integration_id === first.integration_id)

/** Only what is wanted counts. Otherwise a customer could push a failed renewal out of sight with payments on pages. */
async function take<T>(list: AsyncIterable<T>, isWanted: (item: T) => boolean, most: number): Promise<T[]> {
  const taken: T[] = []
  for await (const item of list) {
    if (isWanted(item)) taken.push(item)
    if (taken.length >= most) break
  }
  return taken
}

/** An attempt within the days of a retry after a failed one belongs to the same renewal. */
function groupAttempts(
  deductions: readonly PaymobTransaction[],
  { retrial_days }: PaymobSubscription,
  calendar: PaymobCalendar,
): Attempts[] {
  const groups: [PaymobTransaction, ...PaymobTransaction[]][] = []
  const dateOf = (one: PaymobTransaction) => calendar.dateOf(calendar.readStamp(one.created_at))
  for (const deduction of deductions) {
    const group = groups.at(-1)
    const isRetry =
      group !== undefined &&
      retrial_days !== null &&
      !group.at(-1)?.success &&
      daysBetween(dateOf(group[0]), dateOf(deduction)) <= Math.max(1, retrial_days) + 1
    if (isRetry) group.push(deduction)
    else groups.push([deduction])
  }
  return groups
}

/**
 * The current period. A period ends at `next_billing`, whatever the length of a month. If the renewal of that very date
 * has failed, the period that it was for is the current one: it runs, and is not paid.
 */
function periodOf(
  { next_billing, frequency, ends_at, starts_at }: PaymobSubscription,
  first: PaymobTransaction,
  renewals: readonly Attempts[],
  calendar: PaymobCalendar,
): Period {
  const due = next_billing ?? (ends_at ? addDays(ends_at, 1) : addDays(starts_at, frequency))
  const renewal = renewals.at(-1) ?? null
  const isFailed = renewal !== null && !isPaid(renewal)
  const triedOn = renewal && calendar.dateOf(calendar.readStamp(renewal[0].created_at))
  const isOverdue = isFailed && triedOn !== null && triedOn >= due
  if (!renewal) {
    const start = calendar.readStamp(first.created_at)
    return { start, startDate: calendar.dateOf(start), end: calendar.startOf(due), renewal }
  }
  const startDate = isOverdue ? due : addDays(due, -frequency)
  return {
    start: calendar.startOf(startDate),
    startDate,
    end: calendar.startOf(addDays(startDate, frequency)),
    renewal,
  }
}

async function readChange(api: PaymobApi, subscriptionId: string, note: ChangeNote): Promise<OpenChange> {
  if (note.dueCents === 0) return { ...note, payment: null, isPaid: true }
  const { operation, priceId } = note
  let payment: PaymobTransaction | null = null
  for (let attempt = note.attempt; attempt >= 0 && !payment?.success; attempt -= 1) {
    const reference = writeReference({ kind: 'change', subscriptionId, priceId, operation, attempt })
    const found = await api.inquire(reference)
    if (found && (found.success || !payment)) payment = found
  }
  return { ...note, payment, isPaid: payment?.success === true }
}

export const isPaid = (attempts: Attempts): boolean => attempts.at(-1)?.success === true

/** Whether nothing is due yet: in a trial, and before a later start. */
export const isTrial = ({ origin, renewals }: Pick<Ledger, 'origin' | 'renewals'>): boolean =>
  origin !== null && isCardCheck(origin) && renewals.length === 0

/** What was paid back of a payment. A voided payment is paid back in full. */
export const returnedOf = (payment: PaymobTransaction): number =>
  payment.is_voided ? payment.amount_cents : payment.refunded_amount_cents

/** Whether Paymob will try a failed renewal again: it does so once, if the plan has days for it. */
export function isTriedAgain({ subscription, period: { renewal } }: Pick<Ledger, 'subscription' | 'period'>): boolean {
  if (!renewal || isPaid(renewal) || hasEnded(subscription)) return false
  return renewal.length === 1 && subscription.retrial_days !== null
}

/** When Paymob tries a failed renewal again, with the primary card; null if it does not. */
export function nextTryOf(ledger: Ledger, calendar: PaymobCalendar): Date | null {
  const { period, subscription } = ledger
  const [tried] = (isTriedAgain(ledger) && period.renewal) || []
  if (!tried) return null
  const triedOn = calendar.dateOf(calendar.readStamp(tried.created_at))
  return calendar.startOf(addDays(triedOn, Math.max(1, subscription.retrial_days ?? 1)))
}

export const hasEnded = ({ state }: PaymobSubscription): boolean => ENDED.has(state.toLowerCase())

/** Paymob's spelling differs between its pages. */
const ENDED: ReadonlySet<string> = new Set(['canceled', 'cancelled', 'completed', 'finished', 'ended', 'expired'])

/** The date that a subscription is set to end with; null if it renews. */
export const endOf = ({ ends_at }: PaymobSubscription): string | null =>
  ends_at !== null && ends_at < NEVER ? ends_at : null

/** Paymob does not say when it ended: our note does, or its planned end, or its last update. */
export function endedAtOf(
  { subscription, notes }: Pick<Ledger, 'subscription' | 'notes'>,
  calendar: PaymobCalendar,
): Date {
  if (notes.endedAt) return notes.endedAt
  const updatedAt = subscription.updated_at ? calendar.readStamp(subscription.updated_at) : null
  const end = endOf(subscription)
  const planned = end === null ? null : calendar.startOf(addDays(end, 1))
  if (planned && (!updatedAt || planned <= updatedAt)) return planned
  return updatedAt ?? calendar.startOf(subscription.next_billing ?? subscription.starts_at)
}

/** The present price, and what it costs: after a paid change the new one, and a scheduled one from its date on. */
export function presentPrice({ subscription, notes, change, period }: Ledger): {
  priceId: string
  amountCents: number
} {
  if (change?.isPaid) return { priceId: change.priceId, amountCents: change.amountCents }
  const { next } = notes
  if (next && period.startDate < next.from) {
    return { priceId: notes.priceId ?? subscription.plan_id, amountCents: next.presentCents }
  }
  return { priceId: next?.priceId ?? notes.priceId ?? subscription.plan_id, amountCents: subscription.amount_cents }
}
