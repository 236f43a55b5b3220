import { priceAmount } from '../amounts/price-parts.ts'
import type { Account } from '../state/account.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { PlanChanges, PortalConfigurationRow, PortalSessionRow } from '../state/rows/checkout.ts'

/** What a portal configuration currently lets customers do, with the account's settings filled in where they decide. */
export type PortalFeatures = PortalConfigurationRow['features'] & { readonly subscription_update: PlanChanges }

export function featuresOf(account: Account, { features }: PortalConfigurationRow): PortalFeatures {
  const { subscription_update: update } = features
  return { ...features, subscription_update: update === 'as_set' ? planChangesAsSet(account) : update }
}

export function featuresOfSession(account: Account, { configuration }: PortalSessionRow): PortalFeatures {
  return featuresOf(account, account.portalConfigurations.get(configuration))
}

/** Every recurring price that is on sale, cheapest for one unit first. */
export function pricesOnSale(account: Account): PriceRow[] {
  return account.prices
    .all()
    .filter((price) => price.active && price.recurring !== null && account.products.get(price.product).active)
    .toSorted((one, other) => priceAmount(one, 1) - priceAmount(other, 1))
}

/** The plan changes that the account's settings allow. Computed on every call, so a new price is offered at once. */
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
