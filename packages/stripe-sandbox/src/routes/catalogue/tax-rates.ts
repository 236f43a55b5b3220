import { emit, emitUpdated } from '../../events/emit.ts'
import { PAGE, page } from '../../http/list.ts'
import { decimal } from '../../http/more-params.ts'
import {
  boolean,
  clearable,
  hash,
  isWithin,
  mergeMetadata,
  metadata,
  required,
  string,
  timeRange,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeTaxRate } from '../../resources/tax-rate.ts'
import { inPath } from '../lookup.ts'

const COMMON = {
  active: boolean(),
  country: clearable(string()),
  description: clearable(string()),
  jurisdiction: clearable(string({ max: 50 })),
  metadata: metadata(),
  state: clearable(string()),
  tax_type: clearable(string()),
}
const CREATE = hash({
  ...COMMON,
  display_name: required(string({ max: 100 })),
  inclusive: required(boolean()),
  percentage: required(decimal({ above: -Number.MIN_VALUE, max: 100 })),
})
const UPDATE = hash({ ...COMMON, display_name: string({ max: 100 }) })
const LIST = hash({ ...PAGE, active: boolean(), created: timeRange(), inclusive: boolean() })

export const taxRateRoutes = [
  route('POST', '/tax_rates', CREATE, ({ account, params }) => {
    const { metadata: given, ...fields } = params
    const row = account.taxRates.insert({
      id: newId('txr'),
      created: account.now(),
      active: true,
      country: null,
      description: null,
      jurisdiction: null,
      state: null,
      tax_type: null,
      ...fields,
      metadata: mergeMetadata({}, given),
    })
    emit(account, 'tax_rate.created', serializeTaxRate(row))
    return serializeTaxRate(row)
  }),
  route('GET', '/tax_rates/:id', hash({}), ({ account, id }) =>
    serializeTaxRate(inPath(account.taxRates, id, 'tax rate')),
  ),
  route('POST', '/tax_rates/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.taxRates, id, 'tax rate')
    const { metadata: given, ...fields } = params
    const row = account.taxRates.patch(id, { ...fields, metadata: mergeMetadata(old.metadata, given) })
    emitUpdated(account, 'tax_rate.updated', serializeTaxRate(old), serializeTaxRate(row))
    return serializeTaxRate(row)
  }),
  route('GET', '/tax_rates', LIST, ({ account, params }) => {
    const { active, created, inclusive } = params
    const rows = account.taxRates
      .all()
      .filter(
        (row) =>
          isWithin(row.created, created) &&
          (active === undefined || row.active === active) &&
          (inclusive === undefined || row.inclusive === inclusive),
      )
    return page('/v1/tax_rates', rows, params, serializeTaxRate)
  }),
]
