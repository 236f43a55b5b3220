import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { Wire } from '../wire.ts'

/** The account that a secret key belongs to. Simplified: without its settings and requirements. */
export function serializeAccount({ id }: Account): Wire<Stripe.Account> {
  return {
    id,
    object: 'account',
    business_profile: null,
    business_type: null,
    charges_enabled: true,
    country: 'US',
    default_currency: 'usd',
    details_submitted: true,
    email: 'owner@example.com',
    metadata: {},
    payouts_enabled: true,
    settings: null,
    type: 'standard',
  }
}
