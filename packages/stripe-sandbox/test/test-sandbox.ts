import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import Stripe from 'stripe'
import { startStripeSandbox, type StripeSandbox, type StripeSandboxOptions } from '../src/index.ts'

export const DAY = 24 * 60 * 60

/** Seconds since 1970 of an ISO 8601 time. */
export function at(iso: string): number {
  return Date.parse(iso) / 1000
}

/** The official client, pointed at a sandbox. */
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

/** What an expanded reference holds. @throws {Error} if it is still an id. */
export function expanded<T extends object>(reference: string | T | null | undefined): T {
  if (typeof reference !== 'object' || reference === null) throw new Error(`Not expanded: ${String(reference)}`)
  return reference
}

/** The id of a reference, expanded or not. */
export function idOf(reference: string | { id: string } | null | undefined): string {
  if (reference === null || reference === undefined) throw new Error('There is no reference.')
  return typeof reference === 'string' ? reference : reference.id
}

/** Parameters that the official types would refuse, to see the sandbox refuse them too. */
export function untyped(params: object): never {
  return params as never
}

/** The error that a call ends with, as the official client throws it. */
export async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  try {
    await call
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('The call succeeded.')
}

/** A sandbox with a client, and short ways to what most tests begin with. */
export class TestSandbox {
  readonly sandbox: StripeSandbox
  readonly stripe: Stripe

  private constructor(sandbox: StripeSandbox) {
    this.sandbox = sandbox
    this.stripe = clientOf(sandbox)
  }

  static async start(options: StripeSandboxOptions = {}): Promise<TestSandbox> {
    return new TestSandbox(await startStripeSandbox({ retryDelaysMs: [20, 20], ...options }))
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

  /** A customer with a card as its default, if one is named. */
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

  /** Moves a test clock on and waits until it is there. */
  async advance(clock: string, iso: string): Promise<void> {
    await this.stripe.testHelpers.testClocks.advance(clock, { frozen_time: at(iso) })
    for (let tries = 0; tries < 200; tries += 1) {
      const { status } = await this.stripe.testHelpers.testClocks.retrieve(clock)
      if (status === 'ready') return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`Test clock ${clock} did not arrive.`)
  }

  /** A customer on a test clock with an active subscription that began at `from`. */
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

  async subscription(id: string): Promise<Stripe.Subscription> {
    return this.stripe.subscriptions.retrieve(id)
  }

  /** A customer's newest invoice. */
  async latestInvoice(customer: string): Promise<Stripe.Invoice> {
    const [invoice] = (await this.stripe.invoices.list({ customer, limit: 1 })).data
    if (!invoice) throw new Error('There is no invoice.')
    return invoice
  }

  /** The types of the events that `work` brings about, in their order. */
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
}

export function itemOf(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item] = subscription.items.data
  if (!item) throw new Error('The subscription has no item.')
  return item
}

/** A hosted page as a browser without script sees it: its form, its text, where it leads. */
export class Browser {
  async open(url: string): Promise<Page> {
    return pageOf(await fetch(url, { redirect: 'manual' }), url)
  }

  /** Fills in a page's form and sends it. */
  async submit(page: Page, fields: Record<string, string>, button?: { name: string; value: string }): Promise<Page> {
    const action = new URL(page.action ?? page.url, page.url).href
    const body = new URLSearchParams({ ...page.fields, ...fields, ...(button && { [button.name]: button.value }) })
    return pageOf(await fetch(action, { method: 'POST', redirect: 'manual', body }), action)
  }
}

export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
  readonly location: string | null
  readonly alert: string | null
  readonly action: string | null
  /** What the form carries along unseen. */
  readonly fields: Record<string, string>
}

async function pageOf(response: Response, url: string): Promise<Page> {
  const text = await response.text()
  const location = response.headers.get('location')
  return {
    url,
    status: response.status,
    text,
    location: location === null ? null : new URL(location, url).href,
    alert: /role="alert">([^<]+)</.exec(text)?.[1] ?? null,
    action: /<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? null,
    fields: Object.fromEntries(
      [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    ),
  }
}

/** What a holder types for a test card. */
export function card(number: string): Record<string, string> {
  return {
    cardNumber: number,
    cardExpiry: '12 / 34',
    cardCvc: '123',
    billingName: 'Ada Lovelace',
    email: 'ada@example.com',
  }
}

export interface Received {
  readonly body: string
  readonly headers: IncomingHttpHeaders
  readonly event: {
    id: string
    type: string
    pending_webhooks: number
    api_version: string | null
    data: { object: { id: string } }
  }
}

/** A webhook endpoint that keeps what it got. `answer` may say a status for each call, 200 by default. */
export async function startReceiver(answer: (call: number) => number = () => 200) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({ body, headers: request.headers, event: JSON.parse(body) })
      response.writeHead(answer(received.length), { location: 'http://127.0.0.1:1/' }).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return {
    url: `http://127.0.0.1:${address.port}/webhook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
