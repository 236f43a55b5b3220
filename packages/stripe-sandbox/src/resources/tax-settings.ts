import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { Address } from '../state/rows/customer.ts'
import type { TaxRegistrationRow } from '../state/rows/tax.ts'
import { headOffice } from '../taxes/tax-settings.ts'
import type { Wire } from '../wire.ts'

const NO_ADDRESS: Address = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

export function serializeTaxSettings(account: Account): Wire<Stripe.Tax.Settings> {
  const row = account.taxSettings.find('tax')
  return {
    object: 'tax.settings',
    defaults: {
      provider: 'stripe',
      tax_behavior: row?.tax_behavior ?? 'inferred_by_currency',
      tax_code: row?.tax_code ?? null,
    },
    head_office: { address: { ...NO_ADDRESS, ...headOffice(account) } },
    livemode: false,
    status: 'active',
    status_details: { active: {} },
  }
}

export function serializeRegistration(account: Account, row: TaxRegistrationRow): Wire<Stripe.Tax.Registration> {
  const { type: _type, state: _state, country_options, ...shown } = row
  return {
    ...shown,
    object: 'tax.registration',
    country_options,
    livemode: false,
    status: registrationStatus(row, account.now()),
  }
}

export function registrationStatus(
  { active_from, expires_at }: TaxRegistrationRow,
  now: number,
): 'active' | 'expired' | 'scheduled' {
  if (expires_at !== null && expires_at <= now) return 'expired'
  return active_from <= now ? 'active' : 'scheduled'
}
