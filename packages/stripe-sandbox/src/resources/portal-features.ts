import type { Account } from '../state/account.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { PlanChanges, PortalConfigurationRow, PortalSessionRow } from '../state/rows/checkout.ts'

/** What a configuration lets customers do, as it stands now: what it leaves to the account's settings is looked up there. */
export type PortalFeatures = PortalConfigurationRow['features'] & { readonly subscription_update: PlanChanges }

export function featuresOf(account: Account, { features }: PortalConfigurationRow): PortalFeatures {
  const { subscription_update: update } = features
  return { ...features, subscription_update: update === 'as_set' ? planChangesAsSet(account) : update }
}

export function featuresOfSession(account: Account, { configuration }: PortalSessionRow): PortalFeatures {
  return featuresOf(account, account.portalConfigurations.get(configuration))
}

/** Every recurring price that is sold at the moment, the cheapest first. */
export function pricesOnSale(account: Account): PriceRow[] {
  return account.prices
    .all()
    .filter((price) => price.active && price.recurring !== null && account.products.get(price.product).active)
    .toSorted((one, other) => one.unit_amount - other.unit_amount)
}

/** Looked up each time, so that a new price is among them at once. */
function planChangesAsSet(account: Account): PlanChanges {
  if (!account.settings.portalPlanChanges) return { enabled: false, products: [] }
  const prices = pricesOnSale(account)
  const products = [...new Set(prices.map((price) => price.product))]
  return {
    enabled: true,
    products: products.map((product) => ({
      product,
      prices: prices.filter((price) => price.product === product).map((price) => price.id),
    })),
  }
}
