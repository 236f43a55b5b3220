import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { startStripeSandbox, type StripeSandbox, type StripeSandboxOptions } from '../src/index.ts'

export const DAY = 24 * 60 * 60

/** How long to wait for something that takes milliseconds, but seconds on a busy machine. */
export const PATIENCE_MS = 20_000

/** The events of a charge that pays an open invoice, in order. */
export const PAYMENT_EVENTS = [
  'charge.succeeded',
  'payment_intent.succeeded',
  'invoice.updated',
  'invoice_payment.paid',
  'invoice.paid',
  'invoice.payment_succeeded',
]

/** An ISO 8601 time in seconds since 1970. */
export function at(iso: string): number {
  return Date.parse(iso) / 1000
}

/** The official client, connected to a sandbox. It never retries, unless `config` says otherwise. */
export function clientOf(sandbox: Pick<StripeSandbox, 'url' | 'secretKey'>, config: Stripe.StripeConfig = {}): Stripe {
  const { hostname, port } = new URL(sandbox.url)
  return new Stripe(sandbox.secretKey, {
    host: hostname,
    port,
    protocol: 'http',
    apiVersion: '2026-10-28.endive',
    maxNetworkRetries: 0,
    ...config,
  })
}

/**
 * The object of an expanded reference.
 *
 * @throws {Error} if the reference is still an id.
 */
export function expanded<T extends object>(reference: string | T | null | undefined): T {
  if (typeof reference !== 'object' || reference === null) throw new Error(`Not expanded: ${String(reference)}`)
  return reference
}

/**
 * The id of a reference, expanded or not.
 *
 * @throws {Error} if there is no reference.
 */
export function idOf(reference: string | { id: string } | null | undefined): string {
  if (reference === null || reference === undefined) throw new Error('There is no reference.')
  return typeof reference === 'string' ? reference : reference.id
}

/** Parameters that the official types refuse, to test that the sandbox refuses them too. */
export function untyped(params: object): never {
  return params as never
}

/**
 * The error that the official client throws for a call.
 *
 * @throws {Error} if the call succeeds.
 */
export async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  try {
    await call
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('The call succeeded.')
}

/** A sandbox with a client, and shortcuts for the objects that most tests start with. */
export class TestSandbox {
  readonly sandbox: StripeSandbox
  readonly stripe: Stripe

  private constructor(sandbox: StripeSandbox) {
    this.sandbox = sandbox
    this.stripe = clientOf(sandbox)
  }

  static async start(options: StripeSandboxOptions = {}): Promise<TestSandbox> {
    const settings = { portalPlanChanges: true, ...options.settings }
    return new TestSandbox(await startStripeSandbox({ retryDelaysMs: [20, 20], ...options, settings }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]()
  }

  async aPrice({
    amount = 1000,
    currency = 'usd',
    interval = 'month',
    count = 1,
    name = 'Pro',
  }: {
    amount?: number
    currency?: string
    interval?: 'day' | 'week' | 'month' | 'year'
    count?: number
    name?: string
  } = {}): Promise<Stripe.Price> {
    return this.stripe.prices.create({
      currency,
      unit_amount: amount,
      recurring: { interval, interval_count: count },
      product_data: { name },
    })
  }

  /** A monthly price for a team: `base` for up to three units, and $5 for each further one. */
  async aTieredPrice({
    base = 2000,
    name = 'Team',
    tiers_mode = 'graduated',
  }: { base?: number; name?: string; tiers_mode?: 'graduated' | 'volume' } = {}): Promise<Stripe.Price> {
    return this.stripe.prices.create({
      currency: 'usd',
      recurring: { interval: 'month' },
      product_data: { name },
      billing_scheme: 'tiered',
      tiers_mode,
      tiers: [
        { up_to: 3, unit_amount: 0, flat_amount: base },
        { up_to: 'inf', unit_amount: 500 },
      ],
    })
  }

  /** A customer whose default payment method is `card`; with null, they have none. */
  async aCustomer({
    card = 'pm_card_visa',
    clock,
    email = 'ada@example.com',
  }: { card?: string | null; clock?: string; email?: string } = {}): Promise<Stripe.Customer> {
    const method = card === null ? {} : { payment_method: card, invoice_settings: { default_payment_method: card } }
    return this.stripe.customers.create({ email, ...method, ...(clock && { test_clock: clock }) })
  }

  async aClock(iso: string): Promise<Stripe.TestHelpers.TestClock> {
    return this.stripe.testHelpers.testClocks.create({ frozen_time: at(iso) })
  }

  /** Advances a test clock and waits until it is ready. */
  async advance(clock: string, iso: string): Promise<void> {
    await this.stripe.testHelpers.testClocks.advance(clock, { frozen_time: at(iso) })
    const deadline = Date.now() + PATIENCE_MS
    while (Date.now() < deadline) {
      const { status } = await this.stripe.testHelpers.testClocks.retrieve(clock)
      if (status === 'ready') return
      await sleep(5)
    }
    throw new Error(`Test clock ${clock} is still advancing after ${PATIENCE_MS} ms.`)
  }

  /** A customer on a test clock, with a subscription that started at `from`. */
  async aSubscriber({
    from,
    card = 'pm_card_visa',
    price,
    params = {},
  }: {
    from: string
    card?: string | null
    price: string
    params?: Partial<Stripe.SubscriptionCreateParams>
  }) {
    const clock = await this.aClock(from)
    const customer = await this.aCustomer({ card, clock: clock.id })
    const subscription = await this.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price }],
      ...params,
    })
    return { clock: clock.id, customer: customer.id, subscription, item: itemOf(subscription).id }
  }

  /** A monthly subscriber to a plan named Basic. Their period is 1 April to 1 May, so half of it is 15 days. */
  async aSubscriberInApril(amount: number, currency = 'usd') {
    const price = await this.aPrice({ amount, currency, name: 'Basic' })
    return this.aSubscriber({ from: '2026-04-01T00:00:00Z', price: price.id })
  }

  /** A subscriber from 1 April to $20 a month with three seats, and $5 for each further one. */
  async aTeam(
    quantity: number,
    {
      tiers_mode = 'graduated',
      ...params
    }: Partial<Stripe.SubscriptionCreateParams> & { tiers_mode?: 'graduated' | 'volume' } = {},
  ) {
    const { id: price } = await this.aTieredPrice({ tiers_mode })
    const items = [{ price, quantity }]
    const from = '2026-04-01T00:00:00Z'
    return { ...(await this.aSubscriber({ from, price, params: { items, ...params } })), price }
  }

  /** A subscriber to $10 a month from 1 April, with discounts. */
  async aDiscountedSubscriber(
    discounts: Stripe.SubscriptionCreateParams['discounts'],
    params: Partial<Stripe.SubscriptionCreateParams> = {},
  ) {
    const price = await this.aPrice({ amount: 1000, name: 'Basic' })
    return this.aSubscriber({ from: '2026-04-01T00:00:00Z', price: price.id, params: { discounts, ...params } })
  }

  /** An open checkout session, by default for one subscription at `amount` a month. */
  async aCheckout({
    amount,
    ...params
  }: Partial<Stripe.Checkout.SessionCreateParams> & { amount?: number } = {}): Promise<
    Stripe.Checkout.Session & { url: string }
  > {
    const price = await this.aPrice({ amount })
    const session = await this.stripe.checkout.sessions.create({
      mode: 'subscription',
      success_url: 'https://shop.example/ok?session={CHECKOUT_SESSION_ID}',
      cancel_url: 'https://shop.example/plans',
      line_items: [{ price: price.id, quantity: 1 }],
      ...params,
    })
    if (session.url === null) throw new Error('The session has no page.')
    return { ...session, url: session.url }
  }

  async subscription(id: string): Promise<Stripe.Subscription> {
    return this.stripe.subscriptions.retrieve(id)
  }

  /** A customer's newest invoice. */
  async latestInvoice(customer: string): Promise<Stripe.Invoice> {
    const [invoice] = (await this.stripe.invoices.list({ customer, limit: 1 })).data
    if (!invoice) throw new Error('The customer has no invoice.')
    return invoice
  }

  /** The totals of a customer's invoices, oldest first. */
  async totalsOf(customer: string): Promise<number[]> {
    return (await this.stripe.invoices.list({ customer })).data.map((invoice) => invoice.total).toReversed()
  }

  /** The types of the events that `work` causes, in order, without those of test clocks. */
  async eventsOf(work: () => Promise<unknown>): Promise<string[]> {
    const before = this.sandbox.eventTypes().length
    await work()
    return this.sandbox
      .eventTypes()
      .slice(before)
      .filter((type) => !type.startsWith('test_helpers.'))
  }

  /** The newest event of a type. */
  async lastEvent(type: string): Promise<Stripe.Event> {
    const [event] = (await this.stripe.events.list({ type, limit: 1 })).data
    if (!event) throw new Error(`There is no ${type}.`)
    return event
  }

  /** Calls the controls below `/_`. `body` is sent as JSON. */
  async request(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
    const response = await fetch(`${this.sandbox.url}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return { status: response.status, json: await response.json() }
  }

  /**
   * Calls the controls below `/_`.
   *
   * @returns the JSON answer.
   * @throws {Error} if the answer isn't 200.
   */
  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, json } = await this.request(method, path, body)
    if (status !== 200) throw new Error(`${method} ${path} was answered with ${status}: ${JSON.stringify(json)}`)
    return json
  }

  /** Declines every charge of a customer, or lets them succeed again. */
  async failCharges(customer: string, on: boolean, decline?: string): Promise<void> {
    await this.control('POST', `/_/customers/${customer}/fail-charges`, { on, decline })
  }
}

/** The only or first item of a subscription. */
export function itemOf(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item] = subscription.items.data
  if (!item) throw new Error('The subscription has no item.')
  return item
}
