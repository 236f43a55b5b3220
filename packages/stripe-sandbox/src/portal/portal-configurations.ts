import { newId } from '../ids.ts'
import type { PortalFeatures } from '../resources/portal-features.ts'
import type { Account } from '../state/account.ts'
import type { PortalConfigurationRow } from '../state/rows/checkout.ts'

export const NO_FEATURES: PortalFeatures = {
  invoice_history: false,
  payment_method_update: false,
  subscription_cancel: { enabled: false, mode: 'at_period_end' },
  subscription_update: { enabled: false, products: [] },
}

/**
 * The account's default configuration. It is created on first use with invoices, card changes and cancellation, and
 * with plan changes as the account's settings say.
 */
export function defaultConfiguration(account: Account): PortalConfigurationRow {
  const known = account.portalConfigurations.all().find((row) => row.is_default)
  return (
    known ??
    insertConfiguration(account, {
      is_default: true,
      features: {
        ...NO_FEATURES,
        invoice_history: true,
        payment_method_update: true,
        subscription_cancel: { enabled: true, mode: 'at_period_end' },
        subscription_update: 'as_set',
      },
    })
  )
}

export function insertConfiguration(
  account: Account,
  given: Pick<PortalConfigurationRow, 'features' | 'is_default'> & Partial<PortalConfigurationRow>,
): PortalConfigurationRow {
  const now = account.now()
  return account.portalConfigurations.insert({
    id: newId('bpc'),
    created: now,
    updated: now,
    active: true,
    default_return_url: null,
    headline: null,
    metadata: {},
    name: null,
    ...given,
  })
}
