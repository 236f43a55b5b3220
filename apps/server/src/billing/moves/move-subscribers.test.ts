import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { anAdmin, UNKNOWN_ID } from '../../../test/admin.ts'
import { createFaultyApp, type FaultyApp } from '../../../test/faults/faulty-app.ts'
import { firstOf } from '../../../test/long.ts'
import { aPlan } from '../../../test/plans.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { PlanMoveItem } from '../plan-move-item.entity.ts'
import { PlanMove } from '../plan-move.entity.ts'
import { moveSubscribers } from './move-subscribers.ts'

describe('the job that moves subscribers', () => {
  let all: FaultyApp
  beforeEach(async () => (all = await createFaultyApp()))
  afterEach(() => all[Symbol.asyncDispose]())

  const buy = async (planCode: string): Promise<PayingUser> => {
    const user = await aPayingUser(all.app, planCode, { wait: false })
    await all.app.stripe.drained(25_000)
    await all.worker.workOff()
    return user
  }

  /** Two payers of one plan, and an admin. */
  async function twoPayers() {
    const cheap = await aPlan(all.app, { code: 'cheap', priceCents: 1_000 })
    const dear = await aPlan(all.app, { code: 'dear', priceCents: 3_000, tier: 'vip' })
    const payers = [await buy('cheap'), await buy('cheap')]
    return { cheap, dear, payers, api: (await anAdmin(all.app)).api }
  }

  const outcomes = async () => {
    const em = all.app.scope().em.fork()
    const [move] = await em.find(PlanMove, {}, { orderBy: { createdAt: 'desc' }, limit: 1 })
    const items = await em.find(PlanMoveItem, { move: move?.id ?? UNKNOWN_ID })
    return { isFinished: Boolean(move?.finishedAt), statuses: items.map(({ status, reason }) => reason ?? status) }
  }

  test('charges each subscriber once, wherever it crashes', async () => {
    const { cheap, dear, payers, api } = await twoPayers()
    let [from, to] = [cheap, dear]
    let moves = 0
    // Each move fails at another call. It never arrives, or is carried out without an answer. The next job goes on.
    for (const call of firstOf(3, [3, 30, 57, 12, 21, 39, 48, 66])) {
      const terms = { planId: from.id, toPlanCode: to.code, at: 'now' } as const
      const { priceRef } = await api.admin.plans.previewMove.query(terms)
      await api.admin.plans.move.mutate({ ...terms, priceRef })
      all.faults.arm([{ call, fault: call % 2 === 0 ? 'before' : 'after' }])
      await moveSubscribers(all.app.scope()).catch(() => {})
      expect(all.faults.disarm().thrown).toHaveLength(1)
      await moveSubscribers(all.app.scope())
      expect(await outcomes()).toEqual({ isFinished: true, statuses: ['done', 'done'] })
      moves += 1
      for (const { stripeCustomerId } of payers) {
        expect((await ledgerOf(all.app, stripeCustomerId)).invoices).toHaveLength(1 + moves)
      }
      ;[from, to] = [to, from]
    }
    await all.worker.workOff()
    for (const { stripeCustomerId } of payers) {
      const [subscription] = (await stripeClient(all.app).subscriptions.list({ customer: stripeCustomerId })).data
      expect(subscription?.items.data.map(({ price }) => price.unit_amount)).toEqual([from.priceCents])
    }
  }, 90_000)

  test('stops after its time, and the next job moves only the rest', async () => {
    const { cheap, api } = await twoPayers()
    const terms = { planId: cheap.id, toPlanCode: 'dear', at: 'period_end' } as const
    const { priceRef } = await api.admin.plans.previewMove.query(terms)
    await api.admin.plans.move.mutate({ ...terms, priceRef })
    await moveSubscribers(all.app.scope(), { run: 0 })
    expect((await outcomes()).statuses).toEqual([])
    const stopping = new AbortController()
    stopping.abort()
    await moveSubscribers(all.app.scope(), { stopping: stopping.signal })
    expect((await outcomes()).isFinished).toBe(false)
    await moveSubscribers(all.app.scope())
    expect(await outcomes()).toEqual({ isFinished: true, statuses: ['done', 'done'] })
  }, 60_000)
})
