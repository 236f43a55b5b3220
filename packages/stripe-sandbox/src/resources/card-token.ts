import type Stripe from 'stripe'
import type { CardTokenRow } from '../state/rows/card-token.ts'
import type { Wire } from '../wire.ts'

const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  discover: 'Discover',
  mastercard: 'MasterCard',
  visa: 'Visa',
}

export function serializeCardToken({ address, card, created, id, name, used }: CardTokenRow): Wire<Stripe.Token> {
  return {
    id,
    object: 'token',
    card: {
      id: id.replace('tok_', 'card_'),
      object: 'card',
      address_city: address.city,
      address_country: address.country,
      address_line1: address.line1,
      address_line1_check: address.line1 && 'unchecked',
      address_line2: address.line2,
      address_state: address.state,
      address_zip: address.postal_code,
      address_zip_check: address.postal_code && 'unchecked',
      brand: BRANDS[card.brand] ?? 'Unknown',
      country: 'US',
      cvc_check: 'unchecked',
      dynamic_last4: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint,
      funding: 'credit',
      last4: card.last4,
      metadata: {},
      name,
      regulated_status: 'unregulated',
      tokenization_method: null,
    },
    client_ip: null,
    created,
    livemode: false,
    type: 'card',
    used,
  }
}
