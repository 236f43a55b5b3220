import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { firstOf } from '../../../test/long.ts'
import { aPlan } from '../../../test/plans.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { calm, failNext } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import type { BillingScope } from '../billing-scope.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import type { PaymentGateway, PaymentProvider } from '../providers/payment-provider.ts'
import { moveSubscribers } from './move-subscribers.ts'

type Failure = (providerSubscriptionId: string) => Error | null

/** The same scope, where reading a subscription at the provider may fail. */
function failing({ billing, ...scope }: BillingScope, failure: Failure): BillingScope {
  const budgeted = (provider: PaymentProvider): PaymentProvider => ({
    ...provider,
    withTimeBudget: (ms) => budgeted(provider.withTimeBudget(ms)),
    fetchSubscription: async (id) => {
      const cause = failure(id)
      if (cause) throw new PaymentProviderError({ cause })
      return provider.fetchSubscription(id)
    },
  })
  const wrapped = (gateway: PaymentGateway): PaymentGateway => ({
    ...gateway,
    account: () => gateway.account(),
    counting: (onCall) => wrapped(gateway.counting(onCall)),
    withTimeBudget: (ms) => budgeted(gateway.withTimeBudget(ms)),
  })
  return { ...scope, billing: { ...billing, provider: wrapped(billing.provider), providers: new Map() } }
}

const answer = (statusCode: number) => Object.assign(new Error(`Stripe answers ${statusCode}.`), { statusCode })

describe('the job that moves subscribers', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
  })
  beforeEach(() => app.startWorker())
  afterEach(async () => {
    await calm(app)
    await app.stopWorker()
  })
  afterAll(() => app[Symbol.asyncDispose]())

  /** Moves of two payers each. Returns functions that read what became of their items. */
  const aMoveOf = async (...codes: string[]) => {
    const plans = []
    for (const code of codes) {
      plans.push(await aPlan(app, { code: `${code}-from` }))
      await aPlan(app, { code: `${code}-to`, priceCents: 800 })
      await aPayingUser(app, `${code}-from`)
      await aPayingUser(app, `${code}-from`)
    }
    await app.stopWorker()
    const reads = []
    for (const { id: planId, code } of plans) {
      const terms = { planId, toPlanCode: code.replace('-from', '-to'), at: 'period_end' } as const
      const { priceRef } = await api.admin.plans.previewMove.query(terms)
      const { id } = await api.admin.plans.move.mutate({ ...terms, priceRef })
      reads.push(() => outcomesOf(id))
    }
    return reads
  }

  const outcomesOf = async (moveId: string) => {
    const rows = await app.scope().em.execute<{ outcome: string; attempts: number }[]>(
      `select coalesce(reason, status) as outcome, attempts from plan_move_items
       where move_id = ? order by status, attempts`,
      [moveId],
    )
    return rows.map(({ outcome, attempts }) => [outcome, attempts])
  }

  test.each(
    firstOf(1, [
      ['gets 500 for every call', answer(500)],
      ['has an object that we can not read', new Error('The amount of in_1 is too large to be read exactly.')],
      ['is in use by another call', answer(409)],
    ]),
  )('goes on after a subscriber who %s, and refuses them after twenty attempts', async (_what, error) => {
    const code = error.message.replaceAll(/\W/g, '').toLowerCase().slice(-12)
    const [read, readOther] = await aMoveOf(code, `${code}-other`)
    await moveSubscribers(
      failing(app.scope(), () => null),
      { run: 0 },
    )
    // The first of the first move always fails.
    let broken: string | undefined
    const failure: Failure = (id) => {
      broken ??= id
      return id === broken ? error : null
    }
    await moveSubscribers(failing(app.scope(), failure))
    expect(await read?.()).toEqual([
      ['done', 0],
      ['waiting', 1],
    ])
    expect(await readOther?.()).toEqual([
      ['done', 0],
      ['done', 0],
    ])
    await app.scope().em.execute("update plan_move_items set attempts = 19 where status = 'waiting'")
    await moveSubscribers(failing(app.scope(), failure))
    expect(await read?.()).toEqual([
      ['done', 0],
      ['PAYMENT_PROVIDER_ERROR', 20],
    ])
    expect((await api.admin.plans.moves.query({ isOpen: true })).items).toEqual([])
  })

  test.each(firstOf(1, [401, 403, 429]))('waits while the provider answers %i, and refuses no one', async (status) => {
    const [read] = await aMoveOf(`key-${status}`)
    let calls = 0
    const failure: Failure = () => {
      calls += 1
      return answer(status)
    }
    await moveSubscribers(failing(app.scope(), failure))
    await moveSubscribers(failing(app.scope(), failure))
    expect(calls).toBe(2)
    expect(await read?.()).toEqual([
      ['waiting', 0],
      ['waiting', 0],
    ])
    await moveSubscribers(app.scope())
    expect(await read?.()).toEqual([
      ['done', 0],
      ['done', 0],
    ])
  })

  test('uses up no attempt while the provider is down', async () => {
    const [read] = await aMoveOf('down')
    await failNext(app)
    await moveSubscribers(app.scope())
    expect(await read?.()).toEqual([
      ['waiting', 0],
      ['waiting', 0],
    ])
  })

  test('refuses at once who is refused by the provider', async () => {
    const [read] = await aMoveOf('refused')
    await moveSubscribers(failing(app.scope(), () => answer(400)))
    expect(await read?.()).toEqual([
      ['PAYMENT_PROVIDER_ERROR', 0],
      ['PAYMENT_PROVIDER_ERROR', 0],
    ])
  })
})
