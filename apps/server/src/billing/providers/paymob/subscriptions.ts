import type { PaymentProvider, ProviderSubscription, SubscriptionStatus } from '../payment-provider.ts'
import { isRefused, providerError } from './api/paymob-error.ts'
import { addDays, type PaymobCalendar } from './dates.ts'
import { customerOf, hasOpenDebts, invoicesOf, moneyOf, owesCardCheck } from './invoices.ts'
import {
  endedAtOf,
  endOf,
  hasEnded,
  isPaid,
  isTriedAgain,
  isTrial,
  loadLedger,
  NEVER,
  presentPrice,
  type Ledger,
} from './ledger.ts'
import { itemIdOf, writeNotes } from './notes.ts'
import { today, type PaymobContext } from './paymob-context.ts'
import { intervalOf } from './plans.ts'
import { last4Of } from './saved-cards.ts'

/** The part of the port for reading, canceling, and resuming subscriptions. */
export function createPaymobSubscriptions(
  context: PaymobContext,
): Pick<
  PaymentProvider,
  | 'fetchSubscription'
  | 'fetchSubscriptions'
  | 'fetchPaymentMethod'
  | 'cancel'
  | 'moveStart'
  | 'resume'
  | 'stopCollecting'
  | 'isPeriodPaid'
> {
  const { api, calendar } = context
  return {
    async fetchSubscription(id) {
      const ledger = await loadLedger(api, calendar, id)
      return ledger && readSubscription(ledger, calendar)
    },

    // Paymob has no customers, and all our subscriptions were bought on our checkout page, so our rows have them.
    // Callers ask for those that an operator made beside ours. Such a subscription has no customer here.
    fetchSubscriptions: async () => [],

    async fetchPaymentMethod(id) {
      if (!(await api.subscription(id))) return null
      const card = (await api.cardsOf(id)).find(({ is_primary }) => is_primary)
      if (!card) return null
      return { type: 'card', brand: null, last4: last4Of(card.masked_pan), expMonth: null, expYear: null }
    },

    async cancel({ subscriptionId, at }) {
      const ledger = await loadLedger(api, calendar, subscriptionId)
      if (!ledger || hasEnded(ledger.subscription)) return
      if (at === 'now') await endNow(context, ledger)
      else await endWithPeriod(context, ledger)
    },

    async moveStart({ subscriptionId: id, at }) {
      const ledger = await loadLedger(api, calendar, id)
      if (!ledger?.origin?.startsLater || !isTrial(ledger) || hasEnded(ledger.subscription)) return
      const date = calendar.dateOf(at)
      if (ledger.subscription.next_billing === date) return
      await api.updateSubscription(id, { next_billing: date })
      if ((await api.subscription(id))?.next_billing !== date)
        throw providerError(`Paymob did not change the start of the subscription ${id}.`)
    },

    async resume(id) {
      const subscription = await api.subscription(id)
      if (!subscription || hasEnded(subscription)) return false
      if (endOf(subscription) !== null) await removeEnd(context, id)
      await writeNotes(api, context.settings, id, (notes) => ({ ...notes, canceledAt: null }))
      return true
    },

    // A failed renewal is tried again after some days, unless its date moves on. Nothing else is ever open.
    async stopCollecting(id) {
      const ledger = await loadLedger(api, calendar, id)
      if (!ledger || !isTriedAgain(ledger)) return
      const next_billing = calendar.dateOf(ledger.period.end)
      await api.updateSubscription(id, { next_billing })
    },

    async isPeriodPaid(id) {
      const ledger = await loadLedger(api, calendar, id)
      if (!ledger || isTrial(ledger)) return true
      const { isPending, kept } = moneyOf(ledger)
      return !isPending && kept > 0
    },
  }
}

function readSubscription(ledger: Ledger, calendar: PaymobCalendar): ProviderSubscription {
  const { subscription, notes, origin, first, period, change } = ledger
  const status = statusOf(ledger)
  const { priceId, amountCents } = presentPrice(ledger)
  const end = endOf(subscription)
  const endedAt = status === 'canceled' ? endedAtOf(ledger, calendar) : null
  const cancelAt = end === null || endedAt ? null : calendar.startOf(addDays(end, 1))
  const startedAt = calendar.readStamp(first.created_at)
  const hadTrial = (origin?.trialDays ?? 0) > 0
  const { next } = notes
  const isScheduled = next !== null && !change?.isPaid && period.startDate < next.from
  return {
    id: subscription.id,
    customerId: customerOf(ledger),
    status,
    currency: first.currency,
    items: [
      {
        id: itemIdOf(subscription.id),
        priceId,
        productId: null,
        quantity: 1,
        unitPriceCents: amountCents,
        interval: intervalOf(subscription.frequency),
        currentPeriodStart: period.start,
        currentPeriodEnd: period.end,
      },
    ],
    startedAt,
    cancelAt,
    pausedCollection: null,
    canceledAt: endedAt ?? (cancelAt && notes.canceledAt),
    endedAt,
    hasEndedUnpaid: false,
    trialStart: hadTrial ? startedAt : null,
    trialEnd: hadTrial ? calendar.startOf(subscription.starts_at) : null,
    laterStart: origin?.startsLater ? { at: laterStartOf(ledger, calendar), hasBegun: !isTrial(ledger) } : null,
    scheduledPhases: isScheduled ? [{ at: calendar.startOf(next.from), priceIds: [next.priceId] }] : [],
    hasIdleSchedule: false,
    discounts: [],
    losesDiscounts: false,
    isFromCheckout: origin !== null,
    upgradeFrom: origin?.upgradeFrom ?? null,
    isOwedCredit: change !== null || notes.owed !== null || owesCardCheck(ledger) || hasOpenDebts(ledger),
    latestInvoice: invoicesOf(ledger, calendar)[0] ?? null,
  }
}

/**
 * Paymob keeps a subscription active while its renewals fail, or suspends it. Either way the last renewal says whether
 * it is paid. An unknown state gives no access.
 */
function statusOf(ledger: Ledger): SubscriptionStatus {
  const { subscription, period } = ledger
  if (hasEnded(subscription)) return 'canceled'
  const state = subscription.state.toLowerCase()
  const isUnpaid = period.renewal !== null && !isPaid(period.renewal) && !period.renewal.at(-1)?.pending
  if (state === 'suspended') return isUnpaid && isTriedAgain(ledger) ? 'past_due' : 'paused'
  if (state !== 'active') return 'pending'
  if (isUnpaid) return isTriedAgain(ledger) ? 'past_due' : 'unpaid'
  return isTrial(ledger) && !ledger.origin?.startsLater ? 'trialing' : 'active'
}

/** A later start can be moved, so `starts_at` need not be it. */
function laterStartOf({ renewals, period }: Ledger, calendar: PaymobCalendar): Date {
  const [first] = renewals
  return first ? calendar.startOf(calendar.dateOf(calendar.readStamp(first[0].created_at))) : period.end
}

/** Ends a subscription now. When it ended is noted first, because Paymob does not keep it. */
export async function endNow({ api, settings }: PaymobContext, { subscription: { id } }: Ledger): Promise<void> {
  const endedAt = await settings.now()
  await writeNotes(api, settings, id, (notes) => ({ ...notes, next: null, endedAt: notes.endedAt ?? endedAt }))
  try {
    await api.cancelSubscription(id)
  } catch (error) {
    // It may have just ended.
    const present = isRefused(error) ? await api.subscription(id) : null
    if (!present || !hasEnded(present)) throw error
  }
}

/**
 * Sets the end to the day before the next renewal. If that has passed, nothing that is paid is left. The note comes
 * first: if Paymob keeps no notes, the call fails, and nothing has changed.
 */
async function endWithPeriod(context: PaymobContext, ledger: Ledger): Promise<void> {
  const { api, settings, calendar } = context
  const { subscription, period, notes } = ledger
  const { id } = subscription
  const last = addDays(calendar.dateOf(period.end), -1)
  const end = endOf(subscription)
  const isUnpaid = moneyOf(ledger).isPending && !isTrial(ledger)
  if (last < (await today(context)) || isUnpaid) {
    await endNow(context, ledger)
    return
  }
  if (notes.next) await dropScheduled(context, ledger)
  if (!notes.canceledAt || end === null) {
    const canceledAt = await settings.now()
    await writeNotes(api, settings, id, (present) => ({ ...present, canceledAt }))
  }
  if (end === null || end > last) await api.updateSubscription(id, { ends_at: last })
}

/** Whether Paymob takes `null` is not documented, so the result is read back. */
async function removeEnd({ api }: PaymobContext, id: string): Promise<void> {
  await api.updateSubscription(id, { ends_at: null }).catch((error: unknown) => {
    if (!isRefused(error)) throw error
  })
  const present = await api.subscription(id)
  if (present && !hasEnded(present) && endOf(present) !== null) await api.updateSubscription(id, { ends_at: NEVER })
}

/** Puts the amount back that the current plan costs. Does nothing for a change that has taken effect. */
export async function dropScheduled(
  { api, settings }: PaymobContext,
  { subscription, notes, period }: Ledger,
): Promise<void> {
  const { next } = notes
  if (!next || period.startDate >= next.from) return
  await api.updateSubscription(subscription.id, { amount_cents: next.presentCents })
  await writeNotes(api, settings, subscription.id, (present) => ({ ...present, next: null }))
}
