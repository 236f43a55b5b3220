import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPaymobSandbox, type PaymobSandbox } from '../src/index.ts'
import { Merchant } from './merchant.ts'
import { hmacOf, startReceiver } from './receiver.ts'

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

const days = (date: string, count: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)

describe('the first payment', () => {
  test('begins the subscription of the plan, and sends three signed callbacks', async () => {
    const { id, payment } = await merchant.subscribe()
    await sandbox.drained()
    expect(receiver.types()).toEqual(['TRANSACTION', 'TOKEN', 'Subscription Created'])
    const [transaction, token, created] = receiver.received
    const obj = transaction?.body.obj
    expect(obj).toMatchObject({ id: payment.id, success: true, amount_cents: 19_900, currency: 'EGP' })
    expect(transaction?.hmac).toBe(
      hmacOf(
        sandbox.hmacSecret,
        `19900${obj.created_at}EGPfalsefalse${obj.id}${sandbox.integrations.card}truefalsefalsefalsetruefalse${obj.order.id}302852false2346MasterCardcardtrue`,
      ),
    )
    const card = token?.body.obj
    expect(token?.hmac).toBe(
      hmacOf(
        sandbox.hmacSecret,
        `MasterCard${card.created_at}mona@example.com${card.id}xxxx-xxxx-xxxx-2346302852${obj.order.id}${card.token}`,
      ),
    )
    expect(created?.hmac).toBeNull()
    expect(created?.body.hmac).toBe(hmacOf(sandbox.hmacSecret, `Subscription Createdfor${id}`))
    expect(created?.body.transaction_id).toBe(payment.id)

    const subscription = await merchant.subscription(id)
    expect(subscription).toMatchObject({ state: 'active', amount_cents: 19_900, initial_transaction: payment.id })
    expect(subscription.next_billing).toBe(days(subscription.starts_at, 30))
  })

  test('begins nothing when it is declined, and the page can still be paid', async () => {
    const { body: plan } = await merchant.plan()
    const intention = await merchant.intention({ subscription_plan_id: plan.id })
    const declined = await merchant.pay(intention, { card: '4000 0000 0000 0002' })
    expect(declined.body.transaction).toMatchObject({ success: false, data: { message: 'Do not honour' } })
    await sandbox.drained()
    expect(receiver.types()).toEqual(['TRANSACTION'])
    expect((await merchant.pay(intention)).body.transaction.success).toBe(true)
    expect((await merchant.pay(intention)).status).toBe(400)
  })

  test('only saves the card when the plan starts later', async () => {
    const start = days(sandbox.now().toISOString().slice(0, 10), 14)
    const { body: plan } = await merchant.plan({ use_transaction_amount: false })
    const intention = await merchant.intention({
      ...{ amount: 100, subscription_plan_id: plan.id, subscription_start_date: start },
    })
    const { body: paid } = await merchant.pay(intention)
    const { body } = await merchant.bearer('GET', `/api/acceptance/subscriptions?transaction=${paid.transaction.id}`)
    expect(body.results[0]).toMatchObject({ amount_cents: 19_900, starts_at: start, next_billing: start })
  })
})

describe('renewals', () => {
  test('charge the card on the billing date and move it by the frequency', async () => {
    const { id } = await merchant.subscribe()
    const before = await merchant.subscription(id)
    await sandbox.advance({ days: 31 })
    expect(await merchant.payments(id)).toMatchObject([
      {
        ...{ success: true, amount_cents: 19_900, api_source: 'SUBSCRIPTION', is_3d_secure: false },
        ...{
          integration_id: sandbox.integrations.moto,
          created_at: expect.stringContaining(`${before.next_billing}T00:01:`),
        },
      },
    ])
    expect(await merchant.subscription(id)).toMatchObject({ next_billing: days(before.next_billing, 30) })
    expect(receiver.types().slice(-1)).toEqual(['Successful Transaction'])
  })

  test('are tried once more after retrial_days, and then the next period goes on', async () => {
    const { id } = await merchant.subscribe({}, { card: '4000 0000 0000 0341' })
    const { next_billing: due } = await merchant.subscription(id)
    receiver.received.length = 0
    await sandbox.advance({ days: 31 })
    expect(await merchant.subscription(id)).toMatchObject({ state: 'active', next_billing: due })
    await sandbox.advance({ days: 3 })
    expect(await merchant.subscription(id)).toMatchObject({ state: 'active', next_billing: days(due, 30) })
    const own = receiver.received.filter(({ body }) => body.subscription_data?.id === id)
    expect(own.map(({ body }) => body.trigger_type)).toEqual(['Failed Transaction', 'Failed Overdue Transaction'])
    expect((await merchant.payments(id)).map(({ success }) => success)).toEqual([false, false])
  })

  test('recover when the retry succeeds', async () => {
    const { id } = await merchant.subscribe()
    const { next_billing: due } = await merchant.subscription(id)
    await merchant.control('POST', `/_/subscriptions/${id}/fail-charges`, { on: true })
    await sandbox.advance({ days: 31 })
    await merchant.control('POST', `/_/subscriptions/${id}/fail-charges`, { on: false })
    await sandbox.advance({ days: 3 })
    expect((await merchant.payments(id)).map(({ success }) => success)).toEqual([true, false])
    expect(await merchant.subscription(id)).toMatchObject({ next_billing: days(due, 30) })
  })
})

describe('a subscription', () => {
  const at = (id: number, path: string) => `/api/acceptance/subscriptions/${id}${path}`

  test('is not charged while it is suspended, and waits for the next billing run when it is resumed', async () => {
    const { id } = await merchant.subscribe()
    expect((await merchant.bearer('POST', at(id, '/resume'))).body).toEqual({
      message: "The subscription isn't suspended",
    })
    expect((await merchant.bearer('POST', at(id, '/suspend'))).body.state).toBe('suspended')
    await sandbox.advance({ days: 40 })
    expect(await merchant.payments(id)).toEqual([])
    expect((await merchant.bearer('POST', at(id, '/resume'))).body.state).toBe('active')
    expect(await merchant.payments(id)).toEqual([])
    await sandbox.advance({ days: 1 })
    expect(await merchant.payments(id)).toHaveLength(1)
  })

  test('is canceled for good', async () => {
    const { id } = await merchant.subscribe()
    expect((await merchant.bearer('POST', at(id, '/cancel'))).body.state).toBe('canceled')
    await sandbox.advance({ days: 40 })
    expect(await merchant.payments(id)).toEqual([])
    for (const path of ['/suspend', '/resume', '/cancel']) {
      expect((await merchant.bearer('POST', at(id, path))).status).toBe(400)
    }
    expect(receiver.types()).toContain('canceled')
  })

  test('ends before its next deduction when ends_at is the day before it', async () => {
    const { id } = await merchant.subscribe()
    const { next_billing } = await merchant.subscription(id)
    await merchant.bearer('PUT', at(id, ''), { ends_at: days(next_billing, -1) })
    await sandbox.advance({ days: 29 })
    expect(await merchant.subscription(id)).toMatchObject({ state: 'active' })
    await sandbox.advance({ days: 2 })
    expect(await merchant.subscription(id)).toMatchObject({ state: 'canceled' })
    expect(await merchant.payments(id)).toEqual([])
  })

  test('takes a new amount and a new date for the coming deductions', async () => {
    const { id } = await merchant.subscribe()
    const { starts_at } = await merchant.subscription(id)
    const changed = await merchant.bearer('PUT', at(id, ''), {
      amount_cents: 25_000,
      next_billing: days(starts_at, 10),
    })
    expect(changed.body).toMatchObject({ amount_cents: 25_000, next_billing: days(starts_at, 10) })
    await sandbox.advance({ days: 11 })
    expect(await merchant.payments(id)).toMatchObject([{ amount_cents: 25_000 }])
    expect((await merchant.bearer('PUT', at(id, ''), { next_billing: '2020-01-01' })).status).toBe(400)
  })
})
