import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { boolean, hash, mergeMetadata, metadata, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeFeature } from '../../resources/entitlements.ts'
import { inPath } from '../lookup.ts'

const CREATE = hash({
  lookup_key: required(string({ max: 80 })),
  metadata: metadata(),
  name: required(string({ max: 80 })),
})
const UPDATE = hash({ active: boolean(), metadata: metadata(), name: string({ max: 80 }) })
const LIST = hash({ ...PAGE, archived: boolean(), lookup_key: string() })

/** @see https://docs.stripe.com/api/entitlements/feature */
export const featureRoutes = [
  route('POST', '/entitlements/features', CREATE, ({ account, params }) => {
    const { lookup_key, metadata: given, name } = params
    if (account.features.all().some((row) => row.active && row.lookup_key === lookup_key))
      throw invalidRequest(`A feature with the lookup key \`${lookup_key}\` already exists.`, { param: 'lookup_key' })
    const row = { id: newId('feat_test'), active: true, lookup_key, metadata: mergeMetadata({}, given), name }
    return serializeFeature(account.features.insert(row))
  }),
  route('GET', '/entitlements/features/:id', hash({}), ({ account, id }) =>
    serializeFeature(inPath(account.features, id, 'feature')),
  ),
  route('POST', '/entitlements/features/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.features, id, 'feature')
    const { metadata: given, ...fields } = params
    return serializeFeature(account.features.patch(id, { ...fields, metadata: mergeMetadata(old.metadata, given) }))
  }),
  route('GET', '/entitlements/features', LIST, ({ account, params }) => {
    const { archived, lookup_key } = params
    const rows = account.features
      .all()
      .filter(
        (row) =>
          (archived === undefined || row.active !== archived) &&
          (lookup_key === undefined || row.lookup_key === lookup_key),
      )
    return page('/v1/entitlements/features', rows, params, serializeFeature)
  }),
]
