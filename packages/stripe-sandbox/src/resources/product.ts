import type Stripe from 'stripe'
import type { ProductRow } from '../state/rows/catalogue.ts'
import type { Wire } from '../wire.ts'

export function serializeProduct(row: ProductRow): Wire<Stripe.Product> {
  return {
    ...row,
    object: 'product',
    livemode: false,
    marketing_features: [],
    package_dimensions: null,
    shippable: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
  }
}
