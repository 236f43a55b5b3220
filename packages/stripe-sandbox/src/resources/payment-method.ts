import type Stripe from 'stripe'
import type { PaymentMethodRow } from '../state/rows/customer.ts'
import type { Wire } from '../wire.ts'

export function serializePaymentMethod(row: PaymentMethodRow): Wire<Stripe.PaymentMethod> {
  return {
    id: row.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: serializeBillingDetails(row),
    card: {
      ...row.card,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: row.card.brand,
      funding: 'credit',
      generated_from: null,
      networks: { available: [row.card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: row.created,
    customer: row.customer,
    customer_account: null,
    livemode: false,
    metadata: row.metadata,
    type: 'card',
  }
}

export function serializeBillingDetails({
  billing_details,
}: PaymentMethodRow): Wire<Stripe.PaymentMethod.BillingDetails> {
  const { country, email, name, postal_code } = billing_details
  return {
    address: { city: null, country, line1: null, line2: null, postal_code, state: null },
    email,
    name,
    phone: null,
    tax_id: null,
  }
}
