import { invalidRequest, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { refreshEntitlements, serializeProductFeature } from '../../resources/entitlements.ts'
import type { Account } from '../../state/account.ts'
import type { ProductFeatureRow } from '../../state/rows/entitlement.ts'
import { inParam, inPath } from '../lookup.ts'

const CREATE = hash({ entitlement_feature: required(string()) })

/** @see https://docs.stripe.com/api/product-feature */
export const productFeatureRoutes = [
  route('POST', '/products/:id/features', CREATE, ({ account, id, params }) => {
    inPath(account.products, id, 'product')
    const { id: feature, active } = inParam(
      account.features,
      params.entitlement_feature,
      'feature',
      'entitlement_feature',
    )
    const param = 'entitlement_feature'
    if (!active) throw invalidRequest(`The feature ${feature} is archived.`, { param })
    if (account.productFeatures.by('product', id).some((row) => row.feature === feature))
      throw invalidRequest(`The product ${id} already has the feature ${feature}.`, { param })
    const row = account.productFeatures.insert({ id: newId('prodft_test'), feature, product: id })
    refreshSubscribers(account, id)
    return serializeProductFeature(account, row)
  }),
  route('GET', '/products/:id/features/:feature', hash({}), ({ account, id, path }) =>
    serializeProductFeature(account, theProductFeature(account, id, path['feature'] ?? '')),
  ),
  route('DELETE', '/products/:id/features/:feature', hash({}), ({ account, id, path }) => {
    const row = theProductFeature(account, id, path['feature'] ?? '')
    account.productFeatures.remove(row.id)
    refreshSubscribers(account, id)
    return { id: row.id, object: 'product_feature', deleted: true }
  }),
  route('GET', '/products/:id/features', hash(PAGE), ({ account, id, params }) => {
    inPath(account.products, id, 'product')
    return page(`/v1/products/${id}/features`, account.productFeatures.by('product', id), params, (row) =>
      serializeProductFeature(account, row),
    )
  }),
]

/** @throws {StripeApiError} 404 if the product has no such feature. */
function theProductFeature(account: Account, product: string, id: string): ProductFeatureRow {
  inPath(account.products, product, 'product')
  const row = account.productFeatures.find(id)
  if (row?.product !== product) throw resourceMissing('product feature', id, { inPath: true })
  return row
}

/** Brings those who subscribe to a product in line with its features. */
function refreshSubscribers(account: Account, product: string): void {
  const subscribed = account.subscriptions
    .all()
    .filter(({ items }) => items.some(({ price }) => account.prices.get(price).product === product))
  for (const customer of new Set(subscribed.map((row) => row.customer))) refreshEntitlements(account, customer)
}
