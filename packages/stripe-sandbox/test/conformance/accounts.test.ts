import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { clientOf, errorOf, TestSandbox } from '../test-sandbox.ts'
import { startReceiver } from '../webhook-receiver.ts'

const folder = mkdtempSync(join(tmpdir(), 'stripe-accounts-'))
afterAll(() => rmSync(folder, { recursive: true }))

const OTHER = 'sk_test_other'
const withOther = () => TestSandbox.start({ otherSecretKeys: [OTHER] })
const other = (it: TestSandbox, secretKey = OTHER) => clientOf({ url: it.sandbox.url, secretKey })

describe('accounts (https://docs.stripe.com/api/accounts)', () => {
  test('GET /v1/account shows the account of the key, which is the same at every start', async () => {
    await using it = await withOther()
    const { id, object, charges_enabled } = await it.stripe.accounts.retrieveCurrent()
    expect({ id, object, charges_enabled }).toEqual({
      id: it.sandbox.accountId,
      object: 'account',
      charges_enabled: true,
    })
    expect(id).toMatch(/^acct_\w{16}$/)
    expect((await other(it).accounts.retrieveCurrent()).id).not.toBe(id)
    await using again = await TestSandbox.start()
    expect(again.sandbox.accountId).toBe(id)
  })
  test("an account can't see another one", async () => {
    await using it = await withOther()
    expect((await it.stripe.accounts.retrieve(it.sandbox.accountId)).id).toBe(it.sandbox.accountId)
    expect(await errorOf(it.stripe.accounts.retrieve('acct_other'))).toMatchObject({
      statusCode: 403,
      code: 'account_invalid',
    })
  })
  test("another secret key opens an account without objects, where the first one's ids don't exist", async () => {
    await using it = await withOther()
    const price = await it.aPrice()
    const customer = await it.aCustomer()
    const there = other(it)
    expect((await there.customers.list()).data).toEqual([])
    expect(await errorOf(there.customers.retrieve(customer.id))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: `No such customer: '${customer.id}'`,
    })
    const { id } = await there.customers.create({})
    expect(await errorOf(there.subscriptions.create({ customer: id, items: [{ price: price.id }] }))).toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      message: `No such price: '${price.id}'`,
      param: 'items[0][price]',
    })
    expect(await errorOf(it.stripe.customers.retrieve(id))).toMatchObject({ statusCode: 404 })
  })
  test('each account has its own idempotency keys', async () => {
    await using it = await withOther()
    const mine = await it.stripe.customers.create({}, { idempotencyKey: 'same' })
    expect((await other(it).customers.create({}, { idempotencyKey: 'same' })).id).not.toBe(mine.id)
  })
  test('each account has its own webhook endpoints and events', async () => {
    await using receiver = await startReceiver()
    await using it = await withOther()
    const there = other(it)
    await there.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] })
    await it.stripe.customers.create({})
    const { id } = await there.customers.create({})
    await expect.poll(() => receiver.received.map(({ event }) => event.data.object.id)).toEqual([id])
    expect((await there.events.list()).data).toHaveLength(1)
    expect((await there.webhookEndpoints.list()).data).toHaveLength(1)
    expect((await it.stripe.webhookEndpoints.list()).data).toEqual([])
  })
  test("the accounts have one clock, and the pages and controls find each account's objects", async () => {
    await using it = await withOther()
    const there = other(it)
    const price = await there.prices.create({
      currency: 'usd',
      unit_amount: 500,
      recurring: { interval: 'month' },
      product_data: { name: 'There' },
    })
    const session = await there.checkout.sessions.create({
      mode: 'subscription',
      success_url: 'https://shop.example/',
      line_items: [{ price: price.id, quantity: 1 }],
    })
    expect(await (await fetch(session.url ?? '')).text()).toContain('There')
    const { id } = await there.customers.create({ payment_method: 'pm_card_visa' })
    await it.control('POST', `/_/customers/${id}/fail-charges`, { on: true })
    const method = (await there.customers.listPaymentMethods(id)).data[0]?.id ?? ''
    const subscription = await there.subscriptions.create({
      customer: id,
      items: [{ price: price.id }],
      default_payment_method: method,
    })
    expect(subscription.status).toBe('incomplete')
    await it.sandbox.advance({ days: 2 })
    expect((await there.subscriptions.retrieve(subscription.id)).status).toBe('incomplete_expired')
    const account = (await there.accounts.retrieveCurrent()).id
    await it.control('PUT', `/_/settings?account=${account}`, { afterRetries: 'mark_unpaid' })
    expect(await it.control('GET', '/_/settings')).toMatchObject({ afterRetries: 'cancel' })
  })
  test('a missing object that live mode has is reported in the words of Stripe', async () => {
    await using it = await TestSandbox.start()
    await it.control('PUT', '/_/settings', { liveModeIds: ['cus_live'] })
    expect((await errorOf(it.stripe.customers.retrieve('cus_live'))).message).toBe(
      "No such customer: 'cus_live'; a similar object exists in live mode, but a test mode key was used to make this request.",
    )
    expect((await errorOf(it.stripe.customers.retrieve('cus_none'))).message).toBe("No such customer: 'cus_none'")
  })
})

describe('secret keys (/_/secret-keys)', () => {
  test('a rolled key is refused as expired, and the new key opens the same account', async () => {
    await using it = await TestSandbox.start()
    const { id } = await it.aCustomer()
    const rolled = (await it.control('POST', '/_/secret-keys/roll', { secretKey: it.sandbox.secretKey })) as {
      secretKey: string
      account: string
    }
    expect(rolled.account).toBe(it.sandbox.accountId)
    expect(await errorOf(it.stripe.customers.retrieve(id))).toMatchObject({
      statusCode: 401,
      code: 'api_key_expired',
      message: expect.stringMatching(/^Expired API Key provided: sk_test_\*/),
    })
    expect(await other(it, rolled.secretKey).customers.retrieve(id)).toMatchObject({ id })
  })
  test('a key can be added for another account or for a known one, while the sandbox runs', async () => {
    await using it = await TestSandbox.start()
    const { id } = await it.aCustomer()
    await it.control('POST', '/_/secret-keys', { secretKey: 'sk_test_new' })
    expect((await other(it, 'sk_test_new').customers.list()).data).toEqual([])
    const { accountId: account } = it.sandbox
    await it.control('POST', '/_/secret-keys', { secretKey: 'sk_test_second', account })
    expect(await other(it, 'sk_test_second').customers.retrieve(id)).toMatchObject({ id })
    expect(await it.control('GET', '/_/secret-keys')).toHaveLength(3)
    expect((await it.request('POST', '/_/secret-keys', { secretKey: 'sk_live_x' })).status).toBe(400)
    expect((await it.request('POST', '/_/secret-keys', { account: 'acct_none' })).status).toBe(404)
  })
  test('a state file keeps all accounts, and a start with another key shows that account', async () => {
    const stateFile = join(folder, 'accounts.state')
    let ids: string[]
    {
      await using it = await TestSandbox.start({ stateFile, otherSecretKeys: [OTHER] })
      ids = [(await it.aCustomer()).id, (await other(it).customers.create({})).id]
    }
    await using it = await TestSandbox.start({ stateFile, secretKey: OTHER })
    expect((await it.stripe.customers.list()).data.map((customer) => customer.id)).toEqual(ids.slice(1))
    expect((await other(it, 'sk_test_sandbox').customers.list()).data.map(({ id }) => id)).toEqual(ids.slice(0, 1))
  })
})
