import type Stripe from 'stripe'
import { emit } from '../events/emit.ts'
import { newId } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { EntitlementRow, FeatureRow, ProductFeatureRow } from '../state/rows/entitlement.ts'
import { embeddedList, type Wire } from '../wire.ts'

export function serializeFeature(row: FeatureRow): Wire<Stripe.Entitlements.Feature> {
  return { ...row, object: 'entitlements.feature', livemode: false }
}

export function serializeProductFeature(account: Account, row: ProductFeatureRow): Wire<Stripe.ProductFeature> {
  return {
    id: row.id,
    object: 'product_feature',
    entitlement_feature: serializeFeature(account.features.get(row.feature)),
    livemode: false,
  }
}

export function serializeEntitlement(
  account: Account,
  { id, feature }: EntitlementRow,
): Wire<Stripe.Entitlements.ActiveEntitlement> {
  const { lookup_key } = account.features.get(feature)
  return { id, object: 'entitlements.active_entitlement', feature, livemode: false, lookup_key }
}

/** What a customer is entitled to, as the event of a change shows it. */
export function serializeSummary(
  account: Account,
  customer: string,
): Wire<Stripe.Entitlements.ActiveEntitlementSummary> {
  return {
    object: 'entitlements.active_entitlement_summary',
    customer,
    entitlements: embeddedList(
      `/v1/customer/${customer}/entitlements`,
      account.entitlements.by('customer', customer).map((row) => serializeEntitlement(account, row)),
    ),
    livemode: false,
  }
}

const ENTITLING: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due'])

/**
 * Brings what a customer is entitled to in line with their subscriptions, and emits an event if that changes it.
 *
 * @see https://docs.stripe.com/billing/entitlements
 */
export function refreshEntitlements(account: Account, customer: string): void {
  if (account.productFeatures.size === 0 && account.entitlements.size === 0) return
  const wanted = new Set(
    account.subscriptions
      .by('customer', customer)
      .filter(({ status }) => ENTITLING.has(status))
      .flatMap(({ items }) => items)
      .flatMap(({ price }) => account.productFeatures.by('product', account.prices.get(price).product))
      .map(({ feature }) => feature),
  )
  const present = account.entitlements.by('customer', customer)
  const gone = present.filter(({ feature }) => !wanted.has(feature))
  const added = [...wanted].filter((feature) => !present.some((row) => row.feature === feature))
  if (gone.length === 0 && added.length === 0) return
  const { entitlements: before } = serializeSummary(account, customer)
  for (const { id } of gone) account.entitlements.remove(id)
  for (const feature of added) account.entitlements.insert({ id: newId('ent_test'), customer, feature })
  emit(account, 'entitlements.active_entitlement_summary.updated', serializeSummary(account, customer), {
    entitlements: { data: before.data },
  })
}
