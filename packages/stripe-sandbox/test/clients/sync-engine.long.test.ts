import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@tollgate/local/postgres'
import type StripeClass from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf, TestSandbox } from '../test-sandbox.ts'
import { ClientFolder, serveHandler } from './client-folder.ts'

/** What the tests use of the sync engine and of the PostgreSQL client that it depends on. */
interface Engine {
  StripeSync: new (options: object) => {
    stripe: StripeClass
    postgresClient: { pool: { end(): Promise<void> } }
    processWebhook(body: Buffer, signature: string): Promise<void>
    syncBackfill(options: { object: string }): Promise<object>
    syncSingleEntity(id: string): Promise<object>
  }
  runMigrations(options: object): Promise<void>
}
interface Pg {
  Client: new (url: string) => {
    connect(): Promise<void>
    query(text: string): Promise<{ rows: Record<string, unknown>[] }>
    end(): Promise<void>
  }
}

const SECRET = 'whsec_sync_engine'
/** The engine answers events that it does not sync with an error. */
const SYNCED = [
  ...['charge.', 'checkout.session.', 'credit_note.', 'customer.', 'entitlements.', 'invoice', 'payment_intent.'],
  ...['payment_method.', 'plan.', 'price.', 'product.', 'refund.', 'setup_intent.', 'subscription_schedule.'],
]
const isSynced = (type: string) =>
  SYNCED.some((beginning) => type.startsWith(beginning)) &&
  !/^(?:invoiceitem|customer\.discount|customer\.source)\./.test(type)

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync(), 300_000)

let it: TestSandbox
let sync: InstanceType<Engine['StripeSync']>
let database: InstanceType<Pg['Client']>
/** Why the engine refused an event, by its type. */
const refused: Record<string, string> = {}

beforeAll(async () => {
  const folder = stack.use(ClientFolder.install({ '@supabase/stripe-sync-engine': '0.48.5', stripe: '23.1.0' }))
  // The build as ES modules does not find its own migrations.
  const { StripeSync, runMigrations } = folder.require<Engine>('@supabase/stripe-sync-engine')
  const { default: Stripe } = await folder.import<{ default: typeof StripeClass }>('stripe')
  const { Client } = folder.require<Pg>('pg')
  const databaseUrl = await newDatabase(Client)
  await runMigrations({ databaseUrl, schema: 'stripe' })
  database = new Client(databaseUrl)
  await database.connect()
  stack.defer(() => database.end())

  const app = stack.use(
    await serveHandler(async (request) => {
      const body = Buffer.from(await request.arrayBuffer())
      const { type } = JSON.parse(body.toString()) as { type: string }
      if (!isSynced(type)) return new Response('not synced')
      try {
        await sync.processWebhook(body, request.headers.get('stripe-signature') ?? '')
        return new Response('synced')
      } catch (error) {
        refused[type] ??= String(error)
        return new Response('refused', { status: 400 })
      }
    }),
  )
  it = stack.use(await TestSandbox.start({ webhookEndpoints: [{ url: app.url, secret: SECRET }], retryDelaysMs: [50] }))
  sync = new StripeSync({
    poolConfig: { connectionString: databaseUrl, max: 4 },
    stripeSecretKey: 'sk_test_sandbox',
    stripeWebhookSecret: SECRET,
    backfillRelatedEntities: true,
    autoExpandLists: true,
  })
  stack.defer(() => sync.postgresClient.pool.end())
  const { hostname: host, port } = new URL(it.sandbox.url)
  // Its own client can only call api.stripe.com.
  sync.stripe = new Stripe('sk_test_sandbox', { host, port: Number(port), protocol: 'http' })
  await aBusyAccount()
}, 300_000)

async function newDatabase(Client: Pg['Client']): Promise<string> {
  const given = process.env['TEST_DATABASE_URL']
  if (given === undefined) {
    const dir = mkdtempSync(join(tmpdir(), 'stripe-sync-'))
    stack.defer(() => rmSync(dir, { recursive: true, force: true }))
    const { url } = stack.use(await startPostgres({ dir: join(dir, 'postgres'), settings: { fsync: 'off' } }))
    return url
  }
  const name = `stripe_sync_${randomBytes(6).toString('hex')}`
  const run = async (statement: string): Promise<void> => {
    const client = new Client(given)
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await run(`create database ${name}`)
  stack.defer(() => run(`drop database ${name} with (force)`))
  const url = new URL(given)
  url.pathname = name
  return url.href
}

/** Makes at least one object of each kind that the engine syncs. */
async function aBusyAccount(): Promise<void> {
  const { stripe } = it
  const price = await it.aPrice()
  const { id: customer } = await it.aCustomer()
  await stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })
  const { id: entitlement_feature } = await stripe.entitlements.features.create({ name: 'Seats', lookup_key: 'seats' })
  await stripe.products.createFeature(idOf(price.product), { entitlement_feature })
  const subscription = await stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  await it.sandbox.advance({ days: 32 })
  const pay = (payment_method: string) =>
    stripe.paymentIntents.create({
      ...{ amount: 700, currency: 'usd', customer, payment_method, confirm: true },
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    })
  await pay('pm_card_createDispute')
  await stripe.refunds.create({ payment_intent: (await pay('pm_card_visa')).id, amount: 200 })
  const invoice = await it.latestInvoice(customer)
  await stripe.creditNotes.create({ invoice: invoice.id, amount: invoice.total, credit_amount: invoice.total })
  await stripe.setupIntents.create({
    ...{ customer, payment_method: 'pm_card_visa', confirm: true },
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  })
  await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  await it.aCheckout()
  await it.sandbox.drained()
}

const OBJECTS = [
  ...['charge', 'checkout_sessions', 'credit_note', 'customer', 'dispute', 'invoice', 'payment_intent'],
  ...['payment_method', 'plan', 'price', 'product', 'refund', 'setup_intent', 'subscription', 'subscription_schedules'],
]

describe("Supabase's sync engine", () => {
  test('accepts every event that it syncs', () => {
    expect(refused).toEqual({})
    expect(it.sandbox.eventTypes().filter(isSynced).length).toBeGreaterThan(20)
  })

  test('has a row for each object by the webhooks alone', async () => {
    const { rows } = await database.query(
      `select (select count(*)::int from stripe.customers) as customers, (select count(*)::int from stripe.invoices) as invoices,
        (select count(*)::int from stripe.subscription_items) as items, (select count(*)::int from stripe.disputes) as disputes,
        (select count(*)::int from stripe.credit_notes) as notes, (select count(*)::int from stripe.subscription_schedules) as schedules,
        (select count(*)::int from stripe.refunds) as refunds, (select count(*)::int from stripe.setup_intents) as setups,
        (select count(*)::int from stripe.tax_ids) as tax_ids, (select count(*)::int from stripe.active_entitlements) as entitlements`,
    )
    const once = { items: 1, disputes: 1, notes: 1, schedules: 1, refunds: 1, setups: 1, tax_ids: 1, entitlements: 1 }
    expect(rows).toEqual([{ customers: 1, invoices: 2, ...once }])
  })

  test.each(OBJECTS)('backfills %s', async (object) => {
    const counts = (Object.values(await sync.syncBackfill({ object })) as ({ synced: number } | undefined)[]).filter(
      Boolean,
    )
    expect(counts[0]?.synced).toBeGreaterThan(0)
  })

  test('backfills kinds of which there is none', async () => {
    expect(await sync.syncBackfill({ object: 'early_fraud_warning' })).toEqual({ earlyFraudWarnings: { synced: 0 } })
    // Without an owner, Stripe lists the tax ids of the account itself.
    expect(await sync.syncBackfill({ object: 'tax_id' })).toEqual({ taxIds: { synced: 0 } })
  })

  test('fetches a single object by its id', async () => {
    const [invoice] = (await it.stripe.invoices.list()).data
    await database.query('delete from stripe.invoices')
    await sync.syncSingleEntity(invoice?.id ?? '')
    expect((await database.query('select id, total::int from stripe.invoices')).rows).toEqual([
      { id: invoice?.id, total: invoice?.total },
    ])
  })
})
