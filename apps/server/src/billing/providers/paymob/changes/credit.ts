import { after } from '../../../../platform/clock.ts'
import { MINUTE } from '../../../../platform/durations.ts'
import { NotRefundable } from '../../../billing.errors.ts'
import type { PaidBack, PaymentProvider } from '../../payment-provider.ts'
import { providerError } from '../api/paymob-error.ts'
import { settleDebts } from '../debts/settle-debts.ts'
import { moneyOf, owesCardCheck } from '../invoices.ts'
import { hasEnded, isTrial, loadLedger, returnedOf, type Ledger } from '../ledger.ts'
import { writeNotes } from '../notes.ts'
import type { PaymobContext } from '../paymob-context.ts'
import { returnUpTo } from '../refunds.ts'
import { endNow } from '../subscriptions.ts'
import { unusedAt } from './proration.ts'

/** How long a payment may be on its way at Paymob after its call was given up, in milliseconds of wall time. */
const ON_ITS_WAY = 2 * MINUTE

/** The part of the port for the money of subscriptions that end early. A credit is paid back to the card. */
export function createPaymobCredit(context: PaymobContext): Pick<PaymentProvider, 'cancelWithCredit'> {
  const { api, settings, calendar } = context
  return {
    async cancelWithCredit(id) {
      const ledger = await loadLedger(api, calendar, id)
      if (!ledger) return
      if (!hasEnded(ledger.subscription)) {
        // Nothing was paid for a trial, or before a later start.
        const unused = isTrial(ledger) ? 0 : unusedAt(ledger, await settings.now())
        const { payment } = moneyOf(ledger)
        const targetCents = Math.min(payment.amount_cents, returnedOf(payment) + unused)
        const owed = { transactionId: payment.id, targetCents }
        // Noted before the end: afterwards it can't be computed any more.
        if (unused > 0) await writeNotes(api, settings, id, (notes) => ({ ...notes, owed: notes.owed ?? owed }))
        await endNow(context, ledger)
      }
      await giveOwedCredit(context, id)
    },
  }
}

/**
 * Gives what is owed: finishes a plan change that is paid, pays back a credit, returns what the card was checked with at
 * the start, and settles what was paid for overdue renewals. A repeat does nothing.
 *
 * @returns what became of what was paid twice.
 * @throws {PaymentProviderError} while it is not known whether a plan change is paid.
 */
export async function giveOwedCredit(
  context: PaymobContext,
  subscriptionId: string,
  { leaves }: { leaves?: readonly string[] } = {},
): Promise<PaidBack> {
  const { api, settings, calendar } = context
  const ledger = await loadLedger(api, calendar, subscriptionId)
  if (!ledger) return { returned: [], refused: [] }
  if (ledger.change) await finishChange(context, ledger)
  const { owed } = ledger.change && !ledger.change.isPaid ? { owed: null } : ledger.notes
  if (owed) {
    await refundIfPossible(context, owed.transactionId, owed.targetCents)
    await writeNotes(api, settings, subscriptionId, (notes) => ({ ...notes, owed: null }))
  }
  if (owesCardCheck(ledger)) {
    const isReturned = await refundIfPossible(context, ledger.first.id, ledger.first.amount_cents)
    if (!isReturned) await writeNotes(api, settings, subscriptionId, (notes) => ({ ...notes, keepsCardCheck: true }))
  }
  const { paidBack } = await settleDebts(context, subscriptionId, { leaves })
  return paidBack
}

async function refundIfPossible(context: PaymobContext, id: string, targetCents: number): Promise<boolean> {
  try {
    await returnUpTo(context, { id }, targetCents)
    return true
  } catch (error) {
    // Asking again would lead to the same answer.
    if (error instanceof NotRefundable) return false
    throw error
  }
}

/**
 * Carries out a plan change that is paid, and drops one that was declined or never begun to be paid.
 *
 * @throws {PaymentProviderError} while a payment may still be on its way.
 */
export async function finishChange({ api, settings }: PaymobContext, ledger: Ledger): Promise<void> {
  const { change, subscription, period, notes } = ledger
  if (!change) return
  const { id } = subscription
  if (!change.isPaid) {
    const isOpen =
      change.payment?.pending ?? (change.payment === null && settings.clock.now() < after(change.startedAt, ON_ITS_WAY))
    if (isOpen) throw providerError(`It is not known yet whether a plan change of the subscription ${id} is paid.`)
    await writeNotes(api, settings, id, (present) => ({ ...present, change: null, owed: null }))
    return
  }
  const { priceId, amountCents, payment } = change
  if (!hasEnded(subscription) && subscription.amount_cents !== amountCents) {
    await api.updateSubscription(id, { amount_cents: amountCents })
  }
  const formerPriceId = notes.next && period.startDate >= notes.next.from ? notes.next.priceId : notes.priceId
  await writeNotes(api, settings, id, (present, fetched) => {
    if (fetched.amount_cents !== amountCents && !hasEnded(fetched))
      throw providerError(`Paymob did not change the amount of the subscription ${id}.`)
    return {
      ...present,
      priceId,
      formerPriceId: formerPriceId ?? subscription.plan_id,
      next: null,
      change: null,
      paid: payment
        ? [
            ...present.paid.filter((paid) => paid.period === period.startDate && paid.transactionId !== payment.id),
            { transactionId: payment.id, period: period.startDate },
          ]
        : present.paid,
    }
  })
}
