import { NoSubscription, PaymentFailed, PreviewStale, ProviderUnsupported } from '../../../billing.errors.ts'
import { untaxed, type PaymentProvider, type ProviderPreview } from '../../payment-provider.ts'
import type { PaymobPlan } from '../api/answers.ts'
import { moneyOf } from '../invoices.ts'
import { hasEnded, isTrial, loadLedger, presentPrice, returnedOf, type Ledger } from '../ledger.ts'
import { writeNotes } from '../notes.ts'
import type { PaymobContext } from '../paymob-context.ts'
import { operationOf } from '../references.ts'
import { dropScheduled } from '../subscriptions.ts'
import { collect } from './collect.ts'
import { finishChange, giveOwedCredit } from './credit.ts'
import { differenceAt } from './proration.ts'

/**
 * The part of the port for plan changes. Paymob has none: it only takes another amount for the next deductions. Which
 * plan the amount is for is in our notes, and the difference for the time left is collected from the card on file.
 */
export function createPaymobPlanChanges(
  context: PaymobContext,
): Pick<
  PaymentProvider,
  | 'previewChange'
  | 'changePlan'
  | 'scheduleChange'
  | 'dropScheduledChange'
  | 'releaseIdleSchedule'
  | 'giveOwedCredit'
  | 'setQuantity'
  | 'previewQuantity'
> {
  const { api, calendar } = context
  return {
    async previewChange({ plan: { subscriptionId }, at, priceId, prorationDate }) {
      const ledger = await loadLedger(api, calendar, subscriptionId)
      if (!ledger || hasEnded(ledger.subscription)) return null
      const plan = await planFor(context, ledger, priceId)
      const cards = await api.cardsOf(subscriptionId)
      const isNow = at === 'now' && !isTrial(ledger)
      const difference = isNow ? differenceAt(ledger, plan.amount_cents, prorationDate) : 0
      const amounts = amountsOf(ledger, difference)
      return {
        ...amounts,
        parts: untaxed(amounts.dueNowCents - amounts.creditCents),
        nextParts: untaxed(plan.amount_cents),
        balanceCents: 0,
        currency: ledger.first.currency,
        nextPaymentAt: ledger.period.end,
        nextTotalCents: plan.amount_cents,
        hasPaymentMethod: cards.some(({ is_primary }) => is_primary),
        isTrial: isTrial(ledger),
        restart: null,
      }
    },

    changePlan: (input) => changePlan(context, input),

    async scheduleChange({ plan: { subscriptionId }, priceId }) {
      const ledger = await loadLedger(api, calendar, subscriptionId)
      if (!ledger || hasEnded(ledger.subscription)) throw new NoSubscription()
      const plan = await planFor(context, ledger, priceId)
      const from = calendar.dateOf(ledger.period.end)
      const presentCents = presentPrice(ledger).amountCents
      const present = presentPrice(ledger).priceId
      await writeNotes(api, context.settings, subscriptionId, (notes) => ({
        ...notes,
        priceId: present,
        next: { priceId, from, presentCents },
      }))
      try {
        await api.updateSubscription(subscriptionId, { amount_cents: plan.amount_cents })
      } catch (error) {
        // It must leave no schedule behind.
        await api.updateSubscription(subscriptionId, { amount_cents: presentCents })
        await writeNotes(api, context.settings, subscriptionId, (notes) => ({ ...notes, next: null }))
        throw error
      }
    },

    async dropScheduledChange({ subscriptionId }) {
      const ledger = await loadLedger(api, calendar, subscriptionId)
      if (ledger && !hasEnded(ledger.subscription)) await dropScheduled(context, ledger)
    },

    // A note does not keep anyone from canceling at Paymob, so there is no idle schedule to release.
    releaseIdleSchedule: async () => {},

    giveOwedCredit: (subscriptionId, how) => giveOwedCredit(context, subscriptionId, how),

    setQuantity: async () => {
      throw new ProviderUnsupported()
    },
    previewQuantity: async () => {
      throw new ProviderUnsupported()
    },
  }
}

/**
 * Changes the plan now. The change is noted first, then paid, then carried out. Wherever it stops, the next reader of the
 * subscription sees from the notes and the payment whether it counts, and `giveOwedCredit` finishes or drops it.
 */
async function changePlan(
  context: PaymobContext,
  {
    key,
    plan: { subscriptionId },
    priceId,
    prorationDate,
    isTrial: wasTrial,
  }: Parameters<PaymentProvider['changePlan']>[0],
): Promise<void> {
  const { api, settings, calendar } = context
  const ledger = await loadLedger(api, calendar, subscriptionId)
  if (!ledger || hasEnded(ledger.subscription)) throw new NoSubscription()
  const operation = operationOf(key)
  if (ledger.change) {
    const { change } = ledger
    await finishChange(context, ledger)
    if (change.isPaid && change.priceId === priceId) return
    if (change.operation === operation && change.payment) throw new PaymentFailed()
    if (change.isPaid) throw new PreviewStale()
  }
  if (presentPrice(ledger).priceId === priceId && !ledger.notes.next) return
  if (isTrial(ledger) !== wasTrial) throw new PreviewStale()
  const { amount_cents: amountCents } = await planFor(context, ledger, priceId)
  const difference = wasTrial ? 0 : differenceAt(ledger, amountCents, prorationDate)
  const { dueNowCents: dueCents, creditCents } = amountsOf(ledger, difference)
  const change = { operation, priceId, amountCents, dueCents, startedAt: settings.clock.now(), attempt: 0 }
  const { payment } = moneyOf(ledger)
  const owed = { transactionId: payment.id, targetCents: returnedOf(payment) + creditCents }
  await writeNotes(api, settings, subscriptionId, (notes) => ({
    ...notes,
    change,
    owed: creditCents > 0 ? owed : notes.owed,
  }))
  const paid = dueCents > 0 ? await collect(context, ledger, change) : null
  await finishChange(context, { ...ledger, change: { ...change, payment: paid, isPaid: true } })
  if (creditCents > 0) await giveOwedCredit(context, subscriptionId)
}

/** Paymob has no balance: a credit is paid back to the card, and never more than the period's payment has left. */
function amountsOf(ledger: Ledger, difference: number): Pick<ProviderPreview, 'dueNowCents' | 'creditCents'> {
  const { payment } = moneyOf(ledger)
  const left = payment.amount_cents - returnedOf(payment)
  return { dueNowCents: Math.max(0, difference), creditCents: Math.min(left, Math.max(0, -difference)) }
}

/**
 * @throws {ProviderUnsupported} for a plan with another interval: Paymob can't change it, so it has to be bought.
 * @throws {PreviewStale} for a plan that Paymob does not know.
 */
async function planFor({ api, plans }: PaymobContext, { subscription }: Ledger, priceId: string): Promise<PaymobPlan> {
  const plan = await plans.find(api, priceId)
  if (!plan) throw new PreviewStale()
  if (plan.frequency !== subscription.frequency) throw new ProviderUnsupported()
  return plan
}
