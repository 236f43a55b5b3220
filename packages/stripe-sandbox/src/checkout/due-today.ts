import type Stripe from 'stripe'
import { previewInvoice } from '../billing/preview-invoice.ts'
import { amountDueOf } from '../resources/invoice.ts'
import { sessionTotal } from '../resources/session-amounts.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import type { Wire } from '../wire.ts'
import { customerOf } from './session-taxes.ts'
import { startSubscription } from './start-subscription.ts'

/**
 * What an open session charges today. For a subscription, that is its first invoice after the customer's balance is
 * applied. The purchase runs in a rehearsal and is rolled back, so that page and invoice agree to the cent.
 *
 * @see https://docs.stripe.com/billing/customer/balance
 */
export function dueToday(account: Account, session: CheckoutSessionRow): number {
  if (session.mode !== 'subscription') return sessionTotal(account, session)
  if (session.invoice !== null) return amountDueOf(account, account.invoices.get(session.invoice))
  return account.journal.rehearse(() => {
    const { latest_invoice } = start(account, session)
    return latest_invoice === null ? 0 : amountDueOf(account, account.invoices.get(latest_invoice))
  })
}

/**
 * What each renewal of an open session's subscription charges: with taxes and with discounts that last, but without
 * usage. The renewal is previewed in a rehearsal, so that page and invoice agree to the cent.
 */
export function dueAtRenewal(account: Account, session: CheckoutSessionRow): number {
  return renewalOf(account, session).total
}

/** The invoice of such a renewal, which is rolled back. */
export function renewalOf(account: Account, session: CheckoutSessionRow): Wire<Stripe.Invoice> {
  return account.journal.rehearse(() => {
    const { id } = start(account, {
      ...session,
      discounts: session.discounts.filter((discount) => lasts(account, discount)),
      subscription_data: { ...session.subscription_data, trial_end: null, trial_period_days: null },
    })
    const paid = account.subscriptions.patch(id, { status: 'active' })
    const change = { fields: {}, terms: null, paymentBehavior: 'allow_incomplete' as const }
    return previewInvoice(account, paid, change, { cancelNow: false })
  })
}

/** Starts the subscription of a session without a payment, in a rehearsal. */
function start(account: Account, session: CheckoutSessionRow): SubscriptionRow {
  return startSubscription(account, session, {
    customer: customerOf(account, session, { email: session.customer_email, name: null }),
    paymentMethod: null,
    paidWith: null,
    paymentBehavior: 'default_incomplete',
  })
}

function lasts(account: Account, { coupon, promotion_code }: CheckoutSessionRow['discounts'][number]): boolean {
  return account.coupons.get(coupon ?? account.promotionCodes.get(promotion_code ?? '').coupon).duration === 'forever'
}
