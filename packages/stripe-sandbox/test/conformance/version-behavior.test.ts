import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Metering } from '../metering.ts'
import { clientOf, errorOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let metering: Metering
beforeAll(async () => {
  it = await TestSandbox.start()
  metering = new Metering(it)
})
afterAll(() => it[Symbol.asyncDispose]())

function speaking(version: string): Stripe {
  return clientOf(it.sandbox, untyped({ apiVersion: version }))
}

describe('the billing mode is classic by default before 2025-09-30.clover (https://docs.stripe.com/changelog/clover/2025-09-30/billing-mode-default-flexible)', () => {
  test.each([
    ['2025-08-27.basil', 'classic'],
    ['2025-09-30.clover', 'flexible'],
  ])('of schedules in %s: %s', async (version, mode) => {
    const { id: price } = await it.aPrice()
    const { id: customer } = await it.aCustomer()
    const { billing_mode, subscription } = await speaking(version).subscriptionSchedules.create({
      customer,
      start_date: 'now',
      phases: [{ items: [{ price }] }],
      expand: ['subscription'],
    })
    expect(billing_mode.type).toBe(mode)
    expect(subscription).toMatchObject({ billing_mode: { type: mode } })
  })
  test('of previews: only classic billing has a line for usage that has not happened yet', async () => {
    const { id: price } = await metering.aPrice(await metering.aMeter())
    const { id: customer } = await it.aCustomer()
    const params = { customer, subscription_details: { items: [{ price }] } }
    const classic = await speaking('2025-08-27.basil').invoices.createPreview(params)
    expect(classic.lines.data).toMatchObject([{ amount: 0 }])
    expect(await errorOf(speaking('2025-09-30.clover').invoices.createPreview(params))).toMatchObject({
      code: 'invoice_upcoming_none',
    })
    const phases: Stripe.InvoiceCreatePreviewParams.ScheduleDetails.Phase[] = [
      { start_date: 'now', items: [{ price }] },
    ]
    const planned = await speaking('2025-08-27.basil').invoices.createPreview({
      customer,
      schedule_details: { phases },
    })
    expect(planned.lines.data).toMatchObject([{ amount: 0 }])
  })
})
