import type Stripe from 'stripe'
import { at, type TestSandbox } from './test-sandbox.ts'

export const JANUARY = '2026-01-01T00:00:00Z'
let meters = 0

/** Meters, metered prices and usage in a sandbox. */
export class Metering {
  readonly #it: TestSandbox

  constructor(it: TestSandbox) {
    this.#it = it
  }

  /** A meter for events of its own name. */
  async aMeter(params: Partial<Stripe.Billing.MeterCreateParams> = {}): Promise<Stripe.Billing.Meter> {
    meters += 1
    return this.#it.stripe.billing.meters.create({
      display_name: 'API calls',
      event_name: `calls_${meters}`,
      default_aggregation: { formula: 'sum' },
      ...params,
    })
  }

  /** A price of 2 cents a unit. */
  async aPrice(meter: Stripe.Billing.Meter, params: Partial<Stripe.PriceCreateParams> = {}): Promise<Stripe.Price> {
    return this.#it.stripe.prices.create({
      currency: 'usd',
      unit_amount: 2,
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
      product_data: { name: 'Calls' },
      ...params,
    })
  }

  /** A subscriber from 1 January whose only price is metered. */
  async aSubscriber(
    meter: Stripe.Billing.Meter,
    {
      price = {},
      ...params
    }: { price?: Partial<Stripe.PriceCreateParams> } & Partial<Stripe.SubscriptionCreateParams> = {},
  ) {
    const metered = await this.aPrice(meter, price)
    return { ...(await this.#it.aSubscriber({ from: JANUARY, price: metered.id, params })), price: metered.id }
  }

  async use(
    { event_name }: Stripe.Billing.Meter,
    customer: string,
    value: number,
    time?: string,
  ): Promise<Stripe.Billing.MeterEvent> {
    return this.#it.stripe.billing.meterEvents.create({
      event_name,
      payload: { stripe_customer_id: customer, value: String(value) },
      ...(time && { timestamp: at(time) }),
    })
  }

  /** The lines of a customer's newest invoice. */
  async linesOf(customer: string) {
    const day = (time: number): string => new Date(time * 1000).toISOString().slice(0, 10)
    return (await this.#it.latestInvoice(customer)).lines.data.map(({ amount, quantity, period }) => ({
      ...{ amount, quantity },
      ...{ start: day(period.start), end: day(period.end) },
    }))
  }
}
