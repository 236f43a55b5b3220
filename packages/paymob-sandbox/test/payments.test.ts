import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPaymobSandbox, type PaymobSandbox } from '../src/index.ts'
import { Merchant } from './merchant.ts'
import { startReceiver } from './receiver.ts'

let sandbox: PaymobSandbox
let receiver: Awaited<ReturnType<typeof startReceiver>>
let merchant: Merchant

beforeAll(async () => {
  sandbox = await startPaymobSandbox()
  receiver = await startReceiver()
  merchant = new Merchant(sandbox, receiver.url)
})
beforeEach(() => {
  receiver.received.length = 0
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

const inquire = (body: object) => merchant.bearer('POST', '/api/ecommerce/orders/transaction_inquiry', body)

describe('intentions', () => {
  test('refuse what the documentation names', async () => {
    const bad = async (fields: object) => {
      const { status, body } = await merchant.intention(fields)
      return [status, body]
    }
    expect(await bad({ payment_methods: [1] })).toEqual([
      404,
      { detail: 'Integration ID/Name does not exist in our system' },
    ])
    expect(await bad({ subscription_plan_id: 1 })).toEqual([404, { message: 'invalid subscription plan id' }])
    expect(await bad({ items: [{ name: 'x', amount: 1 }] })).toMatchObject([400, { amount: [expect.any(String)] }])
    expect(await bad({ billing_data: { first_name: 'Mona' } })).toMatchObject([
      400,
      { billing_data: { last_name: [expect.any(String)] } },
    ])
    const anonymous = await merchant.call('POST', '/v1/intention/', {}, 'Token egy_sk_test_other')
    expect(anonymous).toEqual({ status: 401, body: { detail: 'incorrect credentials' } })
  })

  test('take a reference once, unless the setting says otherwise', async () => {
    expect((await merchant.intention({ special_reference: 'op-1' })).status).toBe(201)
    expect((await merchant.intention({ special_reference: 'op-1' })).status).toBe(422)
    await merchant.control('PUT', '/_/settings', { repeatedReferences: 'accepted' })
    expect((await merchant.intention({ special_reference: 'op-1' })).status).toBe(201)
    await merchant.control('PUT', '/_/settings', { repeatedReferences: 'refused' })
  })

  test.each(['EGP', 'SAR', 'AED', 'OMR'])('are paid in %s', async (currency) => {
    const intention = await merchant.intention({ currency, amount: 4500 })
    expect((await merchant.pay(intention)).body.transaction).toMatchObject({ currency, amount_cents: 4500 })
  })
})

describe('the inquiry', () => {
  test('finds the payment of an order by its id and by the merchant’s reference', async () => {
    const intention = await merchant.intention({ special_reference: 'op-2' })
    const orderId = intention.body.intention_order_id
    expect((await inquire({ merchant_order_id: 'op-2' })).status).toBe(404)
    await merchant.pay(intention, { outcome: 'decline' })
    await merchant.pay(intention, { outcome: 'fail_3ds' })
    const { body: paid } = await merchant.pay(intention)
    for (const by of [{ merchant_order_id: 'op-2' }, { order_id: orderId }, { order_id: String(orderId) }]) {
      expect((await inquire(by)).body).toMatchObject({
        ...{ id: paid.transaction.id, success: true },
        order: { id: orderId, merchant_order_id: 'op-2' },
      })
    }
    const byId = await merchant.bearer('GET', `/api/acceptance/transactions/${paid.transaction.id}`)
    expect(byId.body.id).toBe(paid.transaction.id)
  })
})

describe('refunds', () => {
  const refund = (transaction_id: number, amount_cents: number) =>
    merchant.secret('POST', '/api/acceptance/void_refund/refund', { transaction_id, amount_cents })

  test('are transactions of their own, and add up to the payment', async () => {
    const { body } = await merchant.pay(await merchant.intention())
    const { id } = body.transaction
    expect((await refund(id, 5000)).body).toMatchObject({ is_refund: true, amount_cents: 5000, parent_transaction: id })
    expect((await refund(id, 15_000)).status).toBe(400)
    expect((await refund(id, 14_900)).status).toBe(201)
    const payment = await merchant.bearer('GET', `/api/acceptance/transactions/${id}`)
    expect(payment.body).toMatchObject({ is_refunded: true, refunded_amount_cents: 19_900 })
    await sandbox.drained()
    expect(receiver.received.map(({ body: { obj } }) => [obj.is_refund, obj.has_parent_transaction])).toEqual([
      [false, false],
      [true, true],
      [true, true],
    ])
  })

  test('are voids on the day of the payment only', async () => {
    const voided = (transaction_id: number) =>
      merchant.secret('POST', '/api/acceptance/void_refund/void', { transaction_id })
    const { body: first } = await merchant.pay(await merchant.intention())
    expect((await voided(first.transaction.id)).body).toMatchObject({ is_void: true })
    expect((await refund(first.transaction.id, 1)).status).toBe(400)
    const { body: second } = await merchant.pay(await merchant.intention())
    await sandbox.advance({ days: 1 })
    expect((await voided(second.transaction.id)).status).toBe(400)
  })

  test('need a capture first, when the amount was only reserved', async () => {
    const { auth } = sandbox.integrations
    const { body } = await merchant.pay(await merchant.intention({ payment_methods: [auth] }))
    const { id } = body.transaction
    expect(body.transaction).toMatchObject({ is_auth: true, captured_amount: 0 })
    expect((await refund(id, 100)).status).toBe(400)
    const captured = await merchant.secret('POST', '/api/acceptance/capture', {
      transaction_id: id,
      amount_cents: 10_000,
    })
    expect(captured.body).toMatchObject({ is_capture: true, amount_cents: 10_000 })
    expect((await refund(id, 10_000)).status).toBe(201)
  })

  test('come by themselves when a reserved amount is not captured within 14 days', async () => {
    const { auth } = sandbox.integrations
    const { body } = await merchant.pay(await merchant.intention({ payment_methods: [auth] }))
    await sandbox.advance({ days: 15 })
    const payment = await merchant.bearer('GET', `/api/acceptance/transactions/${body.transaction.id}`)
    expect(payment.body.is_voided).toBe(true)
  })
})

describe('saved cards', () => {
  test('are charged without the customer through the payment key of a MOTO intention', async () => {
    const first = await merchant.intention()
    await merchant.pay(first, { saveCard: true })
    await sandbox.drained()
    const token = receiver.received[1]?.body.obj.token
    const moto = await merchant.intention({ payment_methods: [sandbox.integrations.moto], special_reference: 'op-3' })
    const paid = await merchant.call('POST', '/api/acceptance/payments/pay', {
      source: { identifier: token, subtype: 'TOKEN' },
      payment_token: moto.body.payment_keys[0].key,
    })
    expect(paid.body).toMatchObject({ success: true, is_3d_secure: false, integration_id: sandbox.integrations.moto })
    expect((await inquire({ merchant_order_id: 'op-3' })).body.id).toBe(paid.body.id)
  })

  test('of a subscription: a second one is added, becomes primary, and the first one is deleted', async () => {
    const { id } = await merchant.subscribe()
    const at = `/api/acceptance/subscriptions/${id}`
    await merchant.pay(await merchant.intention({ subscriptionv2_id: id }), { card: '4111111111111111' })
    const { body: cards } = await merchant.bearer('GET', `${at}/card-tokens`)
    expect(cards).toMatchObject([
      { is_primary: true, masked_pan: 'xxxx-xxxx-xxxx-2346' },
      { is_primary: false, masked_pan: 'xxxx-xxxx-xxxx-1111' },
    ])
    expect((await merchant.bearer('POST', `${at}/delete-card`, { card: cards[0].id })).status).toBe(400)
    expect((await merchant.bearer('POST', `${at}/change-primary-card`, { card: cards[1].id })).body.is_primary).toBe(
      true,
    )
    await merchant.bearer('POST', `${at}/delete-card`, { card: cards[0].id })
    expect((await merchant.bearer('GET', `${at}/card-tokens`)).body).toHaveLength(1)
    await sandbox.advance({ days: 31 })
    expect(await merchant.payments(id)).toMatchObject([{ source_data: { pan: '1111', sub_type: 'Visa' } }])
    expect(receiver.types()).toEqual(
      expect.arrayContaining(['add_secondry_card', 'change_primary_card', 'delete_card']),
    )
  })
})

describe('auth tokens', () => {
  test('are refused once they have expired', async () => {
    await merchant.bearer('GET', '/api/acceptance/subscription-plans')
    await merchant.control('POST', '/_/tokens/expire')
    expect(await merchant.bearer('GET', '/api/acceptance/subscription-plans')).toEqual({
      status: 401,
      body: { detail: 'incorrect credentials' },
    })
  })
})
