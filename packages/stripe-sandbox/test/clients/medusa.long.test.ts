import type StripeClass from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PATIENCE_MS, TestSandbox } from '../test-sandbox.ts'
import { ClientFolder, serveHandler } from './client-folder.ts'

/** What the tests use of Medusa's payment provider. */
interface Provider {
  stripe_: StripeClass
  initiatePayment(input: object): Promise<{ id: string; status?: string; data?: Record<string, unknown> }>
  authorizePayment(input: object): Promise<{ status: string }>
  getPaymentStatus(input: object): Promise<{ status: string }>
  updatePayment(input: object): Promise<{ data: { amount: number } }>
  capturePayment(input: object): Promise<{ data: { status: string } }>
  refundPayment(input: object): Promise<object>
  cancelPayment(input: object): Promise<{ data: { status: string } }>
  retrievePayment(input: object): Promise<{ data: { id: string } }>
  createAccountHolder(input: object): Promise<{ id: string; data: { id: string } }>
  updateAccountHolder(input: object): Promise<object>
  deleteAccountHolder(input: object): Promise<object>
  savePaymentMethod(input: object): Promise<{ id: string }>
  listPaymentMethods(input: object): Promise<{ id: string }[]>
  getWebhookActionAndData(input: object): Promise<{ action: string; data?: { session_id: string; amount: unknown } }>
}
interface Package {
  default: { services: [new (cradle: object, options: object) => Provider] }
}

const SECRET = 'whsec_medusa'
const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync(), 300_000)

let it: TestSandbox
let provider: Provider
/** What Medusa would do for each event: `captured ses_1 20`. */
const actions: string[] = []

beforeAll(async () => {
  const folder = stack.use(
    ClientFolder.install({ '@medusajs/payment-stripe': '2.21.2', '@medusajs/framework': '2.21.2' }),
  )
  const { default: definition } = folder.require<Package>('@medusajs/payment-stripe')
  const [StripeProvider] = definition.services
  const app = stack.use(
    await serveHandler(async (request) => {
      const rawData = Buffer.from(await request.arrayBuffer())
      const { type } = JSON.parse(rawData.toString()) as { type: string }
      if (!type.startsWith('payment_intent.')) return new Response('ignored')
      const headers = { 'stripe-signature': request.headers.get('stripe-signature') }
      const { action, data } = await provider.getWebhookActionAndData({ rawData, headers })
      actions.push(`${action} ${data?.session_id} ${String(data?.amount)}`)
      return new Response('done')
    }),
  )
  it = stack.use(await TestSandbox.start({ webhookEndpoints: [{ url: app.url, secret: SECRET }] }))
  provider = new StripeProvider(
    { logger: console },
    { apiKey: 'sk_test_sandbox', webhookSecret: SECRET, capture: true },
  )
  const { hostname: host, port } = new URL(it.sandbox.url)
  const { default: Stripe } = await folder.import<{ default: typeof StripeClass }>('stripe')
  // Its own client can only call api.stripe.com.
  provider.stripe_ = new Stripe('sk_test_sandbox', { host, port: Number(port), protocol: 'http' })
}, 600_000)

const start = (session: string, more: object = {}, context: object = {}) =>
  provider.initiatePayment({
    ...{ currency_code: 'usd', amount: 20, data: { session_id: session, ...more } },
    context: { idempotency_key: session, ...context },
  })

describe("Medusa's Stripe provider", () => {
  test('takes a payment that the customer confirms in the browser, and refunds a part', async () => {
    const { id } = await start('ses_1')
    await provider.updatePayment({ currency_code: 'usd', amount: 25, data: { id, amount: 2000 } })
    expect(await provider.getPaymentStatus({ data: { id } })).toMatchObject({ status: 'pending' })
    await it.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa', return_url: 'https://shop.example/' })
    expect(await provider.authorizePayment({ data: { id } })).toMatchObject({ status: 'captured' })
    await provider.refundPayment({ amount: 5, data: { id, currency: 'usd' } })
    expect((await it.stripe.refunds.list({ payment_intent: id })).data).toMatchObject([{ amount: 500 }])
    expect(await provider.retrievePayment({ data: { id } })).toMatchObject({ data: { id } })
    await expect.poll(() => actions, { timeout: PATIENCE_MS }).toContain('captured ses_1 25')
  })

  test('cancels a payment', async () => {
    const { id } = await start('ses_2')
    await provider.cancelPayment({ data: { id } })
    expect(await provider.getPaymentStatus({ data: { id } })).toMatchObject({ status: 'canceled' })
    await expect.poll(() => actions, { timeout: PATIENCE_MS }).toContain('canceled ses_2 20')
  })

  test('reports a decline and a payment that asks for authentication', async () => {
    const { id } = await start('ses_3')
    const confirm = (payment_method: string) =>
      it.stripe.paymentIntents.confirm(id, { payment_method, return_url: 'https://shop.example/' })
    await expect(confirm('pm_card_chargeDeclined')).rejects.toThrow('declined')
    await confirm('pm_card_authenticationRequired')
    expect(await provider.getPaymentStatus({ data: { id } })).toMatchObject({ status: 'requires_more' })
    await expect.poll(() => actions, { timeout: PATIENCE_MS }).toContain('failed ses_3 20')
  })

  test('keeps account holders and their cards', async () => {
    const customer = { id: 'cus_medusa', email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace' }
    const holder = await provider.createAccountHolder({ context: { customer, idempotency_key: 'holder' } })
    const context = { account_holder: { data: { id: holder.id } } }
    await provider.savePaymentMethod({
      context: { ...context, idempotency_key: 'card' },
      data: { payment_method: 'pm_card_visa', confirm: true, return_url: 'https://shop.example/' },
    })
    expect(await provider.listPaymentMethods({ context })).toHaveLength(1)
    const { id } = await start('ses_4', {}, context)
    expect(await it.stripe.paymentIntents.retrieve(id)).toMatchObject({ customer: holder.id })
    await provider.updateAccountHolder({ context: { ...context, customer: { ...customer, last_name: 'King' } } })
    expect(await it.stripe.customers.retrieve(holder.id)).toMatchObject({ name: 'Ada King' })
    await provider.deleteAccountHolder({ context })
    expect(await it.stripe.customers.retrieve(holder.id)).toMatchObject({ deleted: true })
  })
})
