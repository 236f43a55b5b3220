import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { JANUARY, Metering } from '../metering.ts'
import { at, DAY, errorOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
let metering: Metering
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
  metering = new Metering(it)
})
afterAll(() => it[Symbol.asyncDispose]())

describe('meter events (https://docs.stripe.com/api/billing/meter-event)', () => {
  test('have an identifier of their own, and can be canceled by it for a day', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter)
    const event = await metering.use(meter, customer, 100)
    expect(event).toMatchObject({ object: 'billing.meter_event', event_name: meter.event_name })
    const again = { event_name: meter.event_name, identifier: event.identifier, payload: event.payload }
    expect(await errorOf(stripe.billing.meterEvents.create(again))).toMatchObject({ param: 'identifier' })
    const cancel = { event_name: meter.event_name, type: 'cancel', cancel: { identifier: event.identifier } } as const
    expect(await stripe.billing.meterEventAdjustments.create(cancel)).toMatchObject({ status: 'complete' })
    expect(await errorOf(stripe.billing.meterEventAdjustments.create(cancel))).toMatchObject({ statusCode: 400 })
    await it.advance(clock, '2026-02-02T00:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([0])
  })
  test('count for a renewal that is not finalized yet, if they are for its period', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter)
    await metering.use(meter, customer, 100)
    await it.advance(clock, '2026-02-01T00:30:00Z')
    const draft = await it.latestInvoice(customer)
    expect(draft).toMatchObject({ status: 'draft', total: 200 })
    await metering.use(meter, customer, 50, '2026-01-31T23:59:00Z')
    await metering.use(meter, customer, 7, '2026-02-01T00:10:00Z')
    await it.advance(clock, '2026-02-01T01:00:00Z')
    const paid = await stripe.invoices.retrieve(draft.id)
    expect(paid).toMatchObject({ status: 'paid', total: 300, amount_paid: 300 })
    expect(paid.lines.data).toMatchObject([{ id: draft.lines.data[0]?.id, quantity: 150 }])
    await metering.use(meter, customer, 1, '2026-01-31T23:59:30Z')
    await it.advance(clock, '2026-03-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([300, 14])
  })
  test('are at most 35 days old, by the clock of the customer', async () => {
    const meter = await metering.aMeter()
    const { customer } = await metering.aSubscriber(meter)
    expect(await errorOf(metering.use(meter, customer, 1, '2025-11-20T00:00:00Z'))).toMatchObject({
      param: 'timestamp',
    })
    expect(await errorOf(metering.use(meter, customer, 1, '2026-01-01T00:06:00Z'))).toMatchObject({
      param: 'timestamp',
    })
  })
  test('of a name that no active meter has are refused', async () => {
    const meter = await metering.aMeter()
    const { id: customer } = await it.aCustomer()
    const refused = { statusCode: 400, type: 'StripeInvalidRequestError', param: 'event_name' }
    const message = (name: string) => `No active meter found for event name "${name}".`
    const unknown = stripe.billing.meterEvents.create({ event_name: 'unknown', payload: { value: '1' } })
    expect(await errorOf(unknown)).toMatchObject({ ...refused, message: message('unknown') })
    await stripe.billing.meters.deactivate(meter.id)
    const archived = metering.use(meter, customer, 1)
    expect(await errorOf(archived)).toMatchObject({ ...refused, message: message(meter.event_name) })
    await stripe.billing.meters.reactivate(meter.id)
    expect(await metering.use(meter, customer, 1)).toMatchObject({ event_name: meter.event_name })
  })
  test('that nothing counts are reported by a thin event, which says why', async () => {
    const meter = await metering.aMeter()
    const { event_name } = meter
    const { id: stripe_customer_id } = await it.aCustomer()
    const reasons = [
      [{ value: '1' }, 'meter_event_no_customer_defined'],
      [{ stripe_customer_id: 'cus_none', value: '1' }, 'meter_event_customer_not_found'],
      [{ stripe_customer_id }, 'meter_event_invalid_value'],
      [{ stripe_customer_id, value: '1.5' }, 'meter_event_invalid_value'],
      [{ stripe_customer_id, value: '1'.repeat(30) }, 'meter_event_value_too_many_digits'],
    ] as const
    for (const [payload, code] of reasons) {
      const { identifier } = await stripe.billing.meterEvents.create({ event_name, payload })
      const [event] = (await stripe.v2.core.events.list({ object_id: meter.id, limit: 1 })).data
      const sample_errors = [{ error_message: expect.any(String), request: { identifier } }]
      const reason = { error_count: 1, error_types: [{ code, error_count: 1, sample_errors }] }
      expect(await stripe.v2.core.events.retrieve(event?.id ?? '')).toMatchObject({ data: { reason } })
    }
  })
  test('that nothing counts have thin events in pages', async () => {
    const meter = await metering.aMeter()
    const { event_name } = meter
    const types = await it.eventsOf(async () => {
      await stripe.billing.meterEvents.create({ event_name, payload: { stripe_customer_id: 'cus_none', value: '1' } })
      await metering.use(meter, (await it.aCustomer()).id, 1e20)
    })
    expect(types.filter((type) => type.startsWith('v1.'))).toEqual([
      ...['v1.billing.meter.error_report_triggered', 'v1.billing.meter.error_report_triggered'],
    ])
    const object_id = meter.id
    expect((await stripe.v2.core.events.list({ object_id })).data).toHaveLength(2)
    const first = await stripe.v2.core.events.list({ object_id, limit: 1 })
    expect(first).toMatchObject({ previous_page_url: null, next_page_url: expect.stringContaining(object_id) })
    const ids: string[] = []
    for await (const event of stripe.v2.core.events.list({ object_id, limit: 1 })) ids.push(event.id)
    expect(ids).toHaveLength(2)
    const next = await stripe.rawRequest('GET', first.next_page_url ?? '')
    expect(next).toMatchObject({ data: [{ id: ids[1] }], next_page_url: null })
    const before = { created: { lt: 1 } }
    expect((await stripe.v2.core.events.list(before)).data).toEqual([])
  })
  test('are summarized for a span, and by hours or days', async () => {
    const meter = await metering.aMeter()
    const { clock, customer } = await metering.aSubscriber(meter)
    await it.advance(clock, '2026-01-04T00:00:00Z')
    await metering.use(meter, customer, 3, '2026-01-01T12:00:00Z')
    await metering.use(meter, customer, 4, '2026-01-03T12:00:00Z')
    const span = { customer, start_time: at(JANUARY), end_time: at(JANUARY) + 3 * DAY }
    const whole = await stripe.billing.meters.listEventSummaries(meter.id, span)
    expect(whole.data).toMatchObject([{ aggregated_value: 7, meter: meter.id, ...{ start_time: span.start_time } }])
    const days = await stripe.billing.meters.listEventSummaries(meter.id, { ...span, value_grouping_window: 'day' })
    expect(days.data.map(({ aggregated_value }) => aggregated_value)).toEqual([4, 0, 3])
    const long = { ...span, end_time: span.start_time + 20_000 * DAY, value_grouping_window: 'hour', limit: 2 } as const
    const hours = await stripe.billing.meters.listEventSummaries(meter.id, long)
    expect(hours).toMatchObject({ has_more: true, data: [{ end_time: long.end_time }, { aggregated_value: 0 }] })
    const crooked = { ...span, end_time: span.end_time + 1 }
    expect(await errorOf(stripe.billing.meters.listEventSummaries(meter.id, crooked))).toMatchObject({
      param: 'end_time',
    })
    expect(await errorOf(stripe.billing.meters.listEventSummaries(meter.id, untyped({})))).toMatchObject({
      code: 'parameter_missing',
    })
  })
})
