import { once } from 'node:events'
import { createServer } from 'node:net'
import { startPaymobSandbox } from '@tollgate/paymob-sandbox'
import { CAPABILITIES } from '../../src/billing/providers/capabilities.ts'
import { control } from '../paymob-gateway.ts'
import { createTestApp } from '../test-app.ts'
import { appliedAll, makePlans, swept, type Subscriber, type World } from './world.ts'

const KEYS = {
  secretKey: 'egy_sk_test_conformance',
  publicKey: 'egy_pk_test_conformance',
  apiKey: 'an-api-key',
  hmacSecret: 'an-hmac-secret',
}
const CARDS = { good: '5123456789012346', declined: '4000000000000002', fading: '4000000000000341' } as const

/** Paymob's plans beside Stripe's: the server always has Stripe, too. */
export async function openPaymobWorld(): Promise<World> {
  await using stack = new AsyncDisposableStack()
  // The two know each other's address, so one of them has to be fixed first.
  const port = await freePort()
  const app = stack.use(
    await createTestApp({
      PAYMOB_SECRET_KEY: KEYS.secretKey,
      PAYMOB_PUBLIC_KEY: KEYS.publicKey,
      PAYMOB_API_KEY: KEYS.apiKey,
      PAYMOB_HMAC_SECRET: KEYS.hmacSecret,
      PAYMOB_INTEGRATION_3DS: '4097558',
      PAYMOB_INTEGRATION_MOTO: '4097559',
      PAYMOB_URL: `http://127.0.0.1:${port}`,
    }),
  )
  const paymob = stack.use(
    await startPaymobSandbox({
      ...{ ...KEYS, port, callbackUrl: `${app.url}/billing/paymob/callback` },
      clockUrl: `${app.stripe.url}/_/clock`,
    }),
  )
  await makePlans(app, 'paymob', 'egp')
  const settled = async () => {
    for (let round = 0; round < 2; round += 1) {
      await paymob.drained(25_000)
      await appliedAll({ app })
    }
  }
  const subscriptionsOf = async ({ id }: Subscriber) => {
    const rows = await app.scope().em.execute<{ id: string }[]>(
      `select provider_subscription_id as id from subscriptions
       where provider = 'paymob' and account_id in (select account_id from members where user_id = ?)`,
      [id],
    )
    return rows.map((row) => row.id)
  }
  const running = stack.move()
  return {
    app,
    capabilities: CAPABILITIES.paymob,
    currency: 'egp',
    async pay(url, card) {
      const clientSecret = new URL(url).searchParams.get('clientSecret')
      const { transaction } = await control(paymob, 'POST', 'checkouts/pay', { clientSecret, card: CARDS[card] })
      return transaction.success
    },
    async advance(by) {
      await paymob.advance(by)
      await settled()
      await swept({ app })
    },
    advanceUnseen: (by) => paymob.advance(by),
    settled,
    async failRenewals(subscriber, on) {
      for (const id of await subscriptionsOf(subscriber)) {
        await control(paymob, 'POST', `subscriptions/${id}/fail-charges`, { on })
      }
    },
    async notices(shares) {
      if (shares.drop) await settled()
      await control(paymob, 'PUT', 'chaos', shares)
    },
    async sendAllAgain(order = (notices) => [...notices]) {
      for (const { id } of order(paymob.callbacks())) await control(paymob, 'POST', `callbacks/${id}/resend`)
    },
    async outage(down) {
      await control(paymob, 'PUT', 'api', { down })
    },
    async books(subscriber) {
      const subscriptions = new Set((await subscriptionsOf(subscriber)).map(Number))
      return read(paymob.callbacks(), (payment) => {
        const email = payment.payment_key_claims?.billing_data.email
        return subscriptions.has(payment.source_id) || email === subscriber.email
      })
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

interface Transaction {
  id: number
  success: boolean
  amount_cents: number
  source_id: number
  is_refund: boolean
  is_void: boolean
  parent_transaction: number | null
  payment_key_claims: { billing_data: { email: string } } | null
}

/** The sandbox sends a callback for every transaction, delivered or not. */
function read(
  callbacks: readonly { kind: string; forges: number | null; body: unknown }[],
  isOwn: (payment: Transaction) => boolean,
): { charged: number; refunded: number } {
  const sent = callbacks
    .filter(({ kind, forges }) => kind === 'transaction' && forges === null)
    .map(({ body }) => (body as { obj: Transaction }).obj)
  const all = [...new Map(sent.map((one) => [one.id, one])).values()].filter(({ success }) => success)
  const payments = all.filter((one) => one.parent_transaction === null && isOwn(one))
  const own = new Set(payments.map(({ id }) => id))
  const returned = all.filter(
    ({ parent_transaction: parent, is_refund, is_void }) =>
      parent !== null && own.has(parent) && (is_refund || is_void),
  )
  const sum = (transactions: readonly Transaction[]) => transactions.reduce((total, one) => total + one.amount_cents, 0)
  return { charged: sum(payments), refunded: sum(returned) }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}
