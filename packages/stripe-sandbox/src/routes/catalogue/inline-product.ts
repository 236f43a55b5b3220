import { emit } from '../../events/emit.ts'
import { boolean, mergeMetadata, metadata, required, string } from '../../http/params.ts'
import { newId } from '../../ids.ts'
import { serializeProduct } from '../../resources/product.ts'
import type { Account } from '../../state/account.ts'
import type { ProductRow } from '../../state/rows/catalogue.ts'

/** A product described inline, in a request that creates a price. */
export const INLINE_PRODUCT = {
  name: required(string()),
  id: string(),
  active: boolean(),
  description: string(),
  metadata: metadata(),
  statement_descriptor: string({ max: 22 }),
  unit_label: string(),
}

interface InlineProduct {
  name: string
  id?: string
  active?: boolean
  description?: string
  metadata?: Record<string, string | null> | null
  statement_descriptor?: string
  unit_label?: string
}

export function createInlineProduct(account: Account, { metadata: given, ...described }: InlineProduct): ProductRow {
  return createProduct(account, { ...described, metadata: mergeMetadata({}, given) })
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
