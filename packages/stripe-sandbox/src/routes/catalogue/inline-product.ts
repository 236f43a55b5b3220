import { emit } from '../../events/emit.ts'
import { boolean, list, mergeMetadata, metadata, required, string } from '../../http/params.ts'
import { newId } from '../../ids.ts'
import { serializeProduct } from '../../resources/product.ts'
import type { Account } from '../../state/account.ts'
import type { ProductRow } from '../../state/rows/catalogue.ts'
import { keepProductTax, PRODUCT_TAX } from './product-tax.ts'

/** A product described inline, in a request that creates a price. */
export const INLINE_PRODUCT = {
  name: required(string()),
  id: string(),
  active: boolean(),
  description: string(),
  images: list(string(), { max: 8 }),
  metadata: metadata(),
  statement_descriptor: string({ max: 22 }),
  tax_code: string(),
  tax_details: PRODUCT_TAX.tax_details,
  unit_label: string(),
}

interface InlineProduct {
  name: string
  id?: string
  active?: boolean
  description?: string
  images?: string[]
  metadata?: Record<string, string | null> | null
  statement_descriptor?: string
  tax_code?: string
  tax_details?: Parameters<typeof keepProductTax>[2]['tax_details']
  unit_label?: string
}

export function createInlineProduct(
  account: Account,
  { id = newId('prod', 14), metadata: given, tax_code, tax_details, ...described }: InlineProduct,
  param: string,
): ProductRow {
  keepProductTax(
    account,
    id,
    { ...(tax_code !== undefined && { tax_code }), ...(tax_details !== undefined && { tax_details }) },
    param,
  )
  return createProduct(account, { ...described, id, metadata: mergeMetadata({}, given) })
}

/** Creates a product and emits `product.created`. */
export function createProduct(account: Account, given: Pick<ProductRow, 'name'> & Partial<ProductRow>): ProductRow {
  const now = account.now()
  const row = account.products.insert({
    id: newId('prod', 14),
    active: true,
    created: now,
    updated: now,
    default_price: null,
    description: null,
    images: [],
    metadata: {},
    statement_descriptor: null,
    unit_label: null,
    url: null,
    ...given,
  })
  emit(account, 'product.created', serializeProduct(row))
  return row
}
