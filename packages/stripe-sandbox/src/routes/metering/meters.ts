import { emit, emitUpdated } from '../../events/emit.ts'
import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash, oneOf, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeMeter } from '../../resources/meter.ts'
import type { Account } from '../../state/account.ts'
import type { MeterRow } from '../../state/rows/metering.ts'
import { inPath } from '../lookup.ts'

const CREATE = hash({
  customer_mapping: hash({ event_payload_key: required(string()), type: required(oneOf('by_id')) }),
  default_aggregation: required(hash({ formula: required(oneOf('count', 'last', 'sum')) })),
  display_name: required(string({ max: 250 })),
  event_name: required(string({ max: 100 })),
  event_time_window: oneOf('day', 'hour'),
  value_settings: hash({ event_payload_key: required(string()) }),
})

/** @see https://docs.stripe.com/api/billing/meter */
export const meterRoutes = [
  route('POST', '/billing/meters', CREATE, ({ account, params }) => {
    const { customer_mapping, default_aggregation, display_name, event_name, event_time_window, value_settings } =
      params
    if (activeMeter(account, event_name))
      throw invalidRequest(`An active meter already exists with event name '${event_name}'.`, { param: 'event_name' })
    const now = account.now()
    const row = account.meters.insert({
      id: newId('mtr_test'),
      created: now,
      updated: now,
      customer_key: customer_mapping?.event_payload_key ?? 'stripe_customer_id',
      deactivated_at: null,
      display_name,
      event_name,
      event_time_window: event_time_window ?? null,
      formula: default_aggregation.formula,
      status: 'active',
      value_key: value_settings?.event_payload_key ?? 'value',
    })
    emit(account, 'billing.meter.created', serializeMeter(row))
    return serializeMeter(row)
  }),
  route('GET', '/billing/meters/:id', hash({}), ({ account, id }) =>
    serializeMeter(inPath(account.meters, id, 'billing meter')),
  ),
  route('POST', '/billing/meters/:id', hash({ display_name: string({ max: 250 }) }), ({ account, id, params }) => {
    const old = inPath(account.meters, id, 'billing meter')
    return serializeMeter(change(account, old, params, 'billing.meter.updated'))
  }),
  route('POST', '/billing/meters/:id/deactivate', hash({}), ({ account, id }) => {
    const old = inPath(account.meters, id, 'billing meter')
    if (old.status === 'inactive') throw invalidRequest(`The meter ${id} is already inactive.`)
    const changes = { status: 'inactive' as const, deactivated_at: account.now() }
    return serializeMeter(change(account, old, changes, 'billing.meter.deactivated'))
  }),
  route('POST', '/billing/meters/:id/reactivate', hash({}), ({ account, id }) => {
    const old = inPath(account.meters, id, 'billing meter')
    if (old.status === 'active') throw invalidRequest(`The meter ${id} is already active.`)
    if (activeMeter(account, old.event_name))
      throw invalidRequest(`An active meter already exists with event name '${old.event_name}'.`)
    const changes = { status: 'active' as const, deactivated_at: null }
    return serializeMeter(change(account, old, changes, 'billing.meter.reactivated'))
  }),
  route('GET', '/billing/meters', hash({ ...PAGE, status: oneOf('active', 'inactive') }), ({ account, params }) => {
    const rows = account.meters.all().filter((row) => params.status === undefined || row.status === params.status)
    return page('/v1/billing/meters', rows, params, serializeMeter)
  }),
]

/** The meter that counts the events with a name, if there is one. */
export function activeMeter(account: Account, event_name: string): MeterRow | undefined {
  return account.meters.all().find((row) => row.status === 'active' && row.event_name === event_name)
}

function change(account: Account, old: MeterRow, changes: Partial<MeterRow>, type: string): MeterRow {
  const row = account.meters.patch(old.id, changes)
  if (JSON.stringify(row) === JSON.stringify(old)) return row
  const after = account.meters.patch(old.id, { updated: account.now() })
  emitUpdated(account, type, serializeMeter(old), serializeMeter(after))
  return after
}
