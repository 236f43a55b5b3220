import type Stripe from 'stripe'
import type { MeterEventRow, MeterRow } from '../state/rows/metering.ts'
import type { Wire } from '../wire.ts'

export function serializeMeter(row: MeterRow): Wire<Stripe.Billing.Meter> {
  const { customer_key, deactivated_at, formula, value_key, ...shown } = row
  return {
    ...shown,
    object: 'billing.meter',
    customer_mapping: { event_payload_key: customer_key, type: 'by_id' },
    default_aggregation: { formula },
    livemode: false,
    status_transitions: { deactivated_at },
    value_settings: { event_payload_key: value_key },
  }
}

export function serializeMeterEvent(row: MeterEventRow): Wire<Stripe.Billing.MeterEvent> {
  return {
    object: 'billing.meter_event',
    created: row.created,
    event_name: row.event_name,
    identifier: row.identifier,
    livemode: false,
    payload: { ...row.payload },
    timestamp: row.timestamp,
  }
}
