import { emitUpdated } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { isSubscription, serializePaymentLink } from '../resources/payment-link.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { PaymentLinkRow } from '../state/rows/payment-link.ts'
import { openSession } from './open-session.ts'
import { sessionTaxes } from './session-taxes.ts'

/** Whether a link still leads to a checkout page. */
export function isOpen({ active, completed, limit }: PaymentLinkRow): boolean {
  return active && (limit === null || completed < limit)
}

/**
 * Opens the checkout session of someone who follows a payment link. No request says which API version it has, so it is
 * that of the account.
 *
 * @see https://docs.stripe.com/changelog/clover/2025-09-30/billing-mode-default-flexible
 */
export function followLink(
  account: Account,
  link: PaymentLinkRow,
  { client_reference_id, email }: { client_reference_id: string | null; email: string | null },
): CheckoutSessionRow {
  const subscribes = isSubscription(account, link)
  const { apiVersion } = account.settings
  const { after_completion: after, subscription_data } = link
  const { optional_items, shipping_countries, shipping_rates, tax_id_collection } = link
  return openSession(account, {
    mode: subscribes ? 'subscription' : 'payment',
    allow_promotion_codes: link.allow_promotion_codes,
    ...(link.automatic_tax && { automatic_tax: sessionTaxes(account, { customer: null, customer_details: null }) }),
    billing_address_collection: link.billing_address_collection,
    client_reference_id,
    currency: link.currency,
    customer_creation: subscribes ? 'always' : link.customer_creation,
    customer_details: email === null ? null : { email, name: null },
    customer_email: email,
    invoice_creation: link.invoice_creation,
    lines: link.lines.map((line) => ({ ...line, id: newId('li') })),
    metadata: link.metadata,
    ...(optional_items && { optional_items }),
    ...(shipping_countries && { shipping_countries }),
    ...(shipping_rates && { shipping_rates }),
    ...(tax_id_collection && { tax_id_collection }),
    payment_intent_data: link.payment_intent_data,
    payment_link: link.id,
    payment_method_collection: subscribes ? link.payment_method_collection : 'if_required',
    subscription_data: {
      billing_cycle_anchor: null,
      billing_mode: apiVersion < '2025-09-30.clover' ? 'classic' : 'flexible',
      default_tax_rates: [],
      trial_end: null,
      ...subscription_data,
    },
    ...(subscribes && apiVersion < '2025-03-31.basil' && { subscribesFirst: true }),
    success_url: after.type === 'redirect' ? after.url : `${account.publicUrl}/b/${link.token}/thanks`,
  })
}

/** Counts that a link was paid. */
export function countLink(account: Account, id: string): void {
  const old = account.paymentLinks.get(id)
  const row = account.paymentLinks.patch(id, { completed: old.completed + 1 })
  if (row.limit !== null)
    emitUpdated(account, 'payment_link.updated', serializePaymentLink(account, old), serializePaymentLink(account, row))
}
