import { fresh, today, type Paymob } from '../callbacks/paymob.ts'
import { sendSubscription } from '../callbacks/send-callbacks.ts'
import { addDays } from '../dates.ts'
import type { CardRow, IntentionRow, PlanRow, SubscriptionRow, TransactionRow } from '../state/rows.ts'

/**
 * Begins the subscription of a plan with its first payment, which the customer made.
 *
 * With `use_transaction_amount`, that payment is the first deduction and fixes the amount. Otherwise it only saves the
 * card: the first deduction, of the plan's amount, is on the start date.
 */
export function subscribe(
  paymob: Paymob,
  {
    plan,
    intention,
    payment,
    card,
  }: { plan: PlanRow; intention: IntentionRow; payment: TransactionRow; card: CardRow },
): SubscriptionRow {
  const { state } = paymob
  const { first_name, last_name, email, phone_number } = intention.billingData
  const startsAt = (plan.useTransactionAmount ? null : intention.subscriptionStartDate) ?? today(paymob)
  const nextBilling = firstBilling(paymob, plan, startsAt)
  const deductions = plan.numberOfDeductions
  const subscription = state.subscriptions.add({
    planId: plan.id,
    name: plan.name,
    frequency: plan.frequency,
    currency: intention.currency,
    client: { email, full_name: `${first_name} ${last_name}`, phone_number },
    reminderDays: plan.reminderDays,
    retrialDays: plan.retrialDays,
    integration: plan.integration,
    initialTransaction: payment.id,
    startsAt,
    state: 'active',
    amountCents: plan.useTransactionAmount ? payment.amountCents : plan.amountCents,
    nextBilling,
    endsAt: deductions === null ? null : addDays(startsAt, (deductions - 1) * plan.frequency),
    resumedAt: null,
    suspendedAt: null,
    webhookUrl: plan.webhookUrl,
    retryOn: null,
    failsCharges: false,
    ...fresh(paymob),
  })
  card.subscriptionId = subscription.id
  card.isPrimary = true
  sendSubscription(paymob, subscription, 'Subscription Created', { transaction: payment })
  return subscription
}

/** A start date of today or earlier counts from the payment: the next billing run is tomorrow's at the earliest. */
function firstBilling(paymob: Paymob, plan: PlanRow, startsAt: string): string {
  if (plan.useTransactionAmount) return addDays(startsAt, plan.frequency)
  return startsAt > today(paymob) ? startsAt : addDays(startsAt, plan.frequency)
}
