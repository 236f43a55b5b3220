import { createSubscription, type NewSubscription } from '../billing/create-subscription.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { DAY } from '../time.ts'
import { redeemForSession } from './session-discounts.ts'

interface Payer {
  readonly customer: string
  readonly paymentMethod: string | null
  /** The payment intent that paid the checkout page; null if nothing was due. */
  readonly paidWith: string | null
  readonly paymentBehavior?: NewSubscription['payment_behavior']
}

/** Starts the subscription that a session sells. */
export function startSubscription(
  account: Account,
  session: CheckoutSessionRow,
  { customer, paymentMethod, paidWith, paymentBehavior = 'allow_incomplete' }: Payer,
): SubscriptionRow {
  const {
    anchorConfig = null,
    billing_cycle_anchor,
    billing_mode,
    prorationDiscounts,
    default_tax_rates,
    description,
    metadata,
    missing_payment_method,
    pendingInterval,
    proration_behavior = 'create_prorations',
    trial_end,
    trial_period_days,
  } = session.subscription_data
  // A page that was opened before the anchor sells the full period after it.
  const isPast = billing_cycle_anchor !== null && billing_cycle_anchor < account.nowOf(customer)
  const recurring = session.lines.filter((line) => account.prices.get(line.price).recurring !== null)
  return createSubscription(account, {
    customer,
    ...(session.currency !== null && { currency: session.currency }),
    once: session.lines.filter((line) => !recurring.includes(line)),
    items: recurring.map(({ price, quantity, tax_rates }) => ({ price, quantity, metadata: {}, tax_rates })),
    trial_end: trial_period_days === null ? trial_end : account.nowOf(customer) + trial_period_days * DAY,
    anchorConfig,
    backdate: isPast ? billing_cycle_anchor : null,
    billing_cycle_anchor,
    payment_behavior: paymentBehavior,
    proration_behavior,
    paidWith,
    // The card is saved on the subscription, so a new default card of the customer does not change its renewals.
    fields: {
      ...(session.automatic_tax && { automatic_tax: 'enabled' as const }),
      billing_mode,
      ...(prorationDiscounts && { prorationDiscounts }),
      default_payment_method: paymentMethod,
      default_tax_rates,
      description,
      discounts: redeemForSession(account, session, customer),
      metadata,
      missing_payment_method,
      ...(pendingInterval && { pendingInterval }),
    },
  })
}
