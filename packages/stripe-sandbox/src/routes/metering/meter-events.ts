import { emitThin } from '../../events/emit.ts'
import { invalidRequest, resourceMissing } from '../../http/errors.ts'
import { hashOf } from '../../http/more-params.ts'
import { hash, oneOf, required, string, timestamp } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeMeterEvent } from '../../resources/meter.ts'
import type { Account } from '../../state/account.ts'
import type { MeterEventRow, MeterRow } from '../../state/rows/metering.ts'
import { DAY, MINUTE, wallNow } from '../../time.ts'
import { activeMeter } from './meters.ts'

const CREATE = hash({
  event_name: required(string({ max: 100 })),
  identifier: string({ max: 100 }),
  payload: required(hashOf(string())),
  timestamp: timestamp(),
})
const ADJUST = hash({
  cancel: hash({ identifier: string({ max: 100 }) }),
  event_name: required(string({ max: 100 })),
  type: required(oneOf('cancel')),
})

/** @see https://docs.stripe.com/api/billing/meter-event */
export const meterEventRoutes = [
  route('POST', '/billing/meter_events', CREATE, ({ account, params }) => {
    const { event_name, identifier = newId('mevt'), payload } = params
    if (account.meterEvents.by('identifier', identifier).some(({ recorded }) => recorded > wallNow() - DAY))
      throw invalidRequest(`An event already exists with identifier ${identifier}.`, { param: 'identifier' })
    const meter = activeMeter(account, event_name)
    if (!meter) throw invalidRequest(`No active meter found for event name "${event_name}".`, { param: 'event_name' })
    const subject = subjectOf(account, meter, payload)
    const now = account.nowOf('customer' in subject ? subject.customer : null)
    const time = params.timestamp ?? now
    if (time < now - 35 * DAY || time > now + 5 * MINUTE)
      throw invalidRequest(
        'The timestamp must be within the past 35 calendar days and no more than 5 minutes in the future.',
        { param: 'timestamp' },
      )
    const row = account.meterEvents.insert({
      id: newId('mev'),
      identifier,
      created: now,
      recorded: wallNow(),
      event_name,
      payload,
      timestamp: time,
      subject: 'error' in subject ? null : subject,
      canceled: false,
    })
    if ('error' in subject) reportError(account, meter, { identifier, ...subject })
    return serializeMeterEvent(row)
  }),
  route('POST', '/billing/meter_event_adjustments', ADJUST, ({ account, params: { cancel, event_name } }) => {
    const identifier = cancel?.identifier
    if (identifier === undefined)
      throw invalidRequest('Missing required param: cancel[identifier].', {
        param: 'cancel[identifier]',
        code: 'parameter_missing',
      })
    const event = account.meterEvents.by('identifier', identifier).findLast((row) => row.event_name === event_name)
    if (!event) throw resourceMissing('meter event', identifier, { param: 'cancel[identifier]' })
    if (event.canceled || event.recorded <= wallNow() - DAY)
      throw invalidRequest(
        event.canceled
          ? `The meter event ${identifier} is already canceled.`
          : 'You can only cancel meter events within 24 hours of Stripe receiving them.',
        { param: 'cancel[identifier]' },
      )
    account.meterEvents.patch(event.id, { canceled: true })
    return {
      object: 'billing.meter_event_adjustment',
      cancel: { identifier },
      event_name,
      livemode: false,
      status: 'complete',
      type: 'cancel',
    }
  }),
]

interface MeterEventError {
  readonly code: string
  readonly error: string
}

/** What an event counts for, or why it doesn't. */
function subjectOf(
  account: Account,
  { id, customer_key, formula, value_key }: MeterRow,
  payload: Readonly<Record<string, string>>,
): NonNullable<MeterEventRow['subject']> | MeterEventError {
  const named = payload[customer_key]
  if (named === undefined)
    return {
      code: 'meter_event_no_customer_defined',
      error: `Customer mapping key ${customer_key} not found in payload.`,
    }
  const customer = account.customers.find(named)
  if (!customer || customer.deleted)
    return { code: 'meter_event_customer_not_found', error: `No such customer: '${named}'` }
  const value = payload[value_key] ?? (formula === 'count' ? '1' : undefined)
  if (value === undefined)
    return { code: 'meter_event_invalid_value', error: `Value key ${value_key} not found in payload.` }
  if (!/^-?\d+$/.test(value)) return { code: 'meter_event_invalid_value', error: `Invalid value: ${value}` }
  if (!Number.isSafeInteger(Number(value)))
    return { code: 'meter_event_value_too_many_digits', error: `The value has too many digits: ${value}` }
  return { meter: id, customer: customer.id, value: Number(value) }
}

/**
 * Reports an event that doesn't count. Stripe finds out later, so the call itself succeeds.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#handle-meter-event-errors
 */
function reportError(
  account: Account,
  { id }: MeterRow,
  { code, error, identifier }: MeterEventError & { readonly identifier: string },
): void {
  const time = new Date(wallNow() * 1000).toISOString()
  emitThin(
    account,
    'v1.billing.meter.error_report_triggered',
    { id, type: 'billing.meter', url: `/v1/billing/meters/${id}` },
    {
      developer_message_summary: 'There is 1 invalid event',
      reason: {
        error_count: 1,
        error_types: [{ code, error_count: 1, sample_errors: [{ error_message: error, request: { identifier } }] }],
      },
      validation_end: time,
      validation_start: time,
    },
  )
}
