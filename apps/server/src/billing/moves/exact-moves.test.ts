import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { ledgerOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { moveSubscribers } from './move-subscribers.ts'

describe("a move of a plan's subscribers", () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
  })
  beforeEach(() => app.startWorker())
  afterEach(() => app.stopWorker())
  afterAll(() => app[Symbol.asyncDispose]())

  const subscriptionsOf = async (user: PayingUser) => (await app.as(user)).api.billing.subscriptions
  const planOf = async (user: PayingUser) => (await (await subscriptionsOf(user)).current.query())?.plan.code
  const order = async (terms: { planId: string; toPlanCode: string; at: 'now' | 'period_end' }) => {
    const { priceRef } = await api.admin.plans.previewMove.query(terms)
    return (await api.admin.plans.move.mutate({ ...terms, priceRef })).id
  }
  const itemsOf = async (moveId: string) =>
    (await api.admin.plans.moveItems.query({ moveId })).items.map(({ user, status, reason }) => [
      user.email,
      reason ?? status,
    ])

  test('moves those who had the plan when it was ordered, and no one who came later', async () => {
    const [one, other] = [await aPlan(app, { code: 'one' }), await aPlan(app, { code: 'other', priceCents: 1_500 })]
    const [first, second] = [await aPayingUser(app, 'one'), await aPayingUser(app, 'other')]
    const comes = await aPayingUser(app, 'pro')
    await app.stopWorker()
    const there = await order({ planId: one.id, toPlanCode: 'other', at: 'now' })
    const back = await order({ planId: other.id, toPlanCode: 'one', at: 'now' })
    const change = { id: (await (await subscriptionsOf(comes)).current.query())?.id ?? '', planCode: 'one' }
    const { prorationDate } = await api.admin.subscriptions.previewChange.query({ ...change, at: 'now' })
    await api.admin.subscriptions.change.mutate({ ...change, at: 'now', prorationDate })
    await moveSubscribers(app.scope())
    await moveSubscribers(app.scope())

    expect(await itemsOf(there)).toEqual([[first.email, 'done']])
    expect(await itemsOf(back)).toEqual([[second.email, 'done']])
    expect([await planOf(first), await planOf(second), await planOf(comes)]).toEqual(['other', 'one', 'one'])
    expect((await ledgerOf(app, first.stripeCustomerId)).invoices).toHaveLength(2)
  })

  test('and a change by support need the price that was shown, in all its terms', async () => {
    const from = await aPlan(app, { code: 'terms-from', priceCents: 1_000 })
    const to = await aPlan(app, { code: 'terms-to', priceCents: 3_000 })
    const user = await aPayingUser(app, 'terms-from')
    const { id = '' } = (await (await subscriptionsOf(user)).current.query()) ?? {}
    const terms = { planId: from.id, toPlanCode: 'terms-to', at: 'now' } as const
    const change = { id, planCode: 'terms-to', at: 'now' } as const
    for (const set of ["billing_period = 'yearly'", 'included_seats = 1, per_seat_cents = 500', "currency = 'eur'"]) {
      const { priceRef } = await api.admin.plans.previewMove.query(terms)
      const { prorationDate } = await api.admin.subscriptions.previewChange.query(change)
      const { em } = app.scope()
      await em.execute(`update plans set ${set} where id = ?`, [to.id])
      await em.execute('update plan_prices set archived_at = now() where plan_id = ?', [to.id])
      expect(await reasonOf(api.admin.plans.move.mutate({ ...terms, priceRef }))).toBe('PREVIEW_STALE')
      expect(await reasonOf(api.admin.subscriptions.change.mutate({ ...change, prorationDate }))).not.toBe('fine')
    }
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_000)
  })

  test('schedules again what was scheduled at a former price', async () => {
    const from = await aPlan(app, { code: 'twice-from', priceCents: 1_000 })
    const to = await aPlan(app, { code: 'twice-to', priceCents: 2_000 })
    const user = await aPayingUser(app, 'twice-from')
    const terms = { planId: from.id, toPlanCode: 'twice-to', at: 'period_end' } as const
    await app.stopWorker()
    await order(terms)
    await moveSubscribers(app.scope())
    expect(await api.admin.plans.previewMove.query(terms)).toMatchObject({
      movable: 0,
      refusals: [{ reason: 'SAME_PLAN' }],
    })
    await api.billing.plans.update.mutate({ id: to.id, priceCents: 2_500 })
    expect(await api.admin.plans.previewMove.query(terms)).toMatchObject({ movable: 1, refusals: [] })
    const again = await order(terms)
    await moveSubscribers(app.scope())
    expect(await itemsOf(again)).toEqual([[user.email, 'done']])
    await app.startWorker()
    await eventsDone(app)
    await advance(app, { days: 32 })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_000 + 2_500)
  })

  test('at once leaves who has scheduled the same plan for the end of their period', async () => {
    const from = await aPlan(app, { code: 'own-from', priceCents: 5_000 })
    await aPlan(app, { code: 'own-to', priceCents: 500 })
    const user = await aPayingUser(app, 'own-from')
    await (await subscriptionsOf(user)).change.mutate({ planCode: 'own-to' })
    await app.stopWorker()
    const terms = { planId: from.id, toPlanCode: 'own-to', at: 'now' } as const
    const { refusals } = await api.admin.plans.previewMove.query(terms)
    expect(refusals).toEqual([{ reason: 'OTHER_PLAN_CHOSEN', count: 1 }])
    const id = await order(terms)
    await moveSubscribers(app.scope())
    expect(await itemsOf(id)).toEqual([[user.email, 'OTHER_PLAN_CHOSEN']])
    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 5_000, credit: 0 })
  })
})
