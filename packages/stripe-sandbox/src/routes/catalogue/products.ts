import { emit, emitUpdated } from '../../events/emit.ts'
import { invalidRequest, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  boolean,
  clearable,
  hash,
  isWithin,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeProduct } from '../../resources/product.ts'
import type { Account } from '../../state/account.ts'
import type { ProductRow } from '../../state/rows/catalogue.ts'
import { inPath } from '../lookup.ts'
import { createPrice } from './create-price.ts'
import { createProduct } from './inline-product.ts'
import { CURRENCY_OPTIONS, CUSTOM_UNIT_AMOUNT, PRICE_DATA } from './price-params.ts'
import { keepProductTax, PRODUCT_TAX } from './product-tax.ts'

const COMMON = {
  active: boolean(),
  description: clearable(string()),
  images: clearable(list(string())),
  metadata: metadata(),
  statement_descriptor: clearable(string({ max: 22 })),
  ...PRODUCT_TAX,
  unit_label: clearable(string()),
  url: clearable(string()),
}

const CREATE = hash({
  ...COMMON,
  name: required(string()),
  id: string(),
  default_price_data: hash({
    ...PRICE_DATA,
    currency_options: CURRENCY_OPTIONS,
    custom_unit_amount: CUSTOM_UNIT_AMOUNT,
  }),
})
const UPDATE = hash({ ...COMMON, name: string(), default_price: clearable(string()) })
const LIST = hash({
  ...PAGE,
  active: boolean(),
  created: timeRange(),
  ids: list(string()),
  shippable: boolean(),
  type: oneOf('good', 'service'),
  url: string(),
})

export const productRoutes = [
  route('POST', '/products', CREATE, ({ account, params }) => {
    const {
      default_price_data,
      id = newId('prod', 14),
      name,
      metadata: given,
      images,
      tax_code: _code,
      tax_details: _details,
      ...rest
    } = params
    if (account.products.has(id))
      throw invalidRequest(`Product already exists: ${id}`, { code: 'resource_already_exists', param: 'id' })
    keepProductTax(account, id, params)
    const row = createProduct(account, { ...rest, id, name, images: images ?? [], metadata: mergeMetadata({}, given) })
    if (default_price_data) {
      const price = createPrice(account, { ...default_price_data, product: id }, 'default_price_data')
      return serializeProduct(updateProduct(account, id, { default_price: price.id }))
    }
    return serializeProduct(row)
  }),
  route('GET', '/products/:id', hash({}), ({ account, id }) =>
    serializeProduct(inPath(account.products, id, 'product')),
  ),
  route('POST', '/products/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.products, id, 'product')
    const { metadata: given, images, default_price, tax_code: _code, tax_details: _details, ...rest } = params
    if (default_price && account.prices.find(default_price)?.product !== id)
      throw resourceMissing('price', default_price, { param: 'default_price' })
    keepProductTax(account, id, params)
    return serializeProduct(
      updateProduct(account, id, {
        ...rest,
        ...(images !== undefined && { images: images ?? [] }),
        ...(default_price !== undefined && { default_price }),
        metadata: mergeMetadata(old.metadata, given),
      }),
    )
  }),
  route('DELETE', '/products/:id', hash({}), ({ account, id }) => {
    const row = inPath(account.products, id, 'product')
    if (account.prices.by('product', id).length > 0) {
      throw invalidRequest('This product cannot be deleted because it has one or more user-created prices.')
    }
    account.products.remove(id)
    const deleted = { id, object: 'product', deleted: true }
    emit(account, 'product.deleted', serializeProduct(row))
    return deleted
  }),
  route('GET', '/products', LIST, ({ account, params }) => {
    const { active, created, ids, shippable, type, url } = params
    // What is only shown is kept beside the row.
    const shown = (id: string, name: string): unknown => account.echoes.find(id)?.fields[name]
    const rows = account.products
      .all()
      .filter(
        (row) =>
          (active === undefined || row.active === active) &&
          isWithin(row.created, created) &&
          (!ids || ids.includes(row.id)) &&
          (!url || row.url === url) &&
          (shippable === undefined || (shown(row.id, 'shippable') === true) === shippable) &&
          (type === undefined || (shown(row.id, 'type') ?? 'service') === type),
      )
    return page('/v1/products', rows, params, serializeProduct)
  }),
]

function updateProduct(account: Account, id: string, changes: Partial<ProductRow>): ProductRow {
  const old = account.products.get(id)
  const before = serializeProduct(old)
  const row = account.products.patch(id, changes)
  const same = JSON.stringify(before) === JSON.stringify(serializeProduct(row))
  const after = same ? row : account.products.patch(id, { updated: account.now() })
  emitUpdated(account, 'product.updated', before, serializeProduct(after))
  return after
}
