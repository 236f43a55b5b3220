import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { aPlan } from '../../../test/plans.ts'
import { jobsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { ledgerOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { AccountNotOpen } from '../../accounts/index.ts'
import { AccountClosed } from '../../auth/index.ts'
import { DAY } from '../../platform/durations.ts'
import { withTimeBudget } from '../billing-scope.ts'
import { MoveSubscribers } from '../billing.queues.ts'
import { moveSubscribers } from '../moves/move-subscribers.ts'
import { changePlan } from './change-plan.ts'
import { resumeSubscription } from './resume-subscription.ts'

const CLOSED = 'ACCOUNT_CLOSED'

describe('a closed account', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  test('is neither charged, nor resumed, nor given a plan before its billing has ended', async () => {
    const { api } = await anAdmin(app)
    const from = await aPlan(app, { code: 'before-closing', priceCents: 1_000 })
    await aPlan(app, { code: 'after-closing', priceCents: 3_000, tier: 'vip' })
    const user = await aPayingUser(app, 'before-closing')
    const { subscriptions } = (await app.as(user)).api.billing
    const { id } = (await subscriptions.current.query()) ?? { id: '' }
    const terms = { planId: from.id, toPlanCode: 'after-closing', at: 'now' } as const
    const change = { id, planCode: 'after-closing', at: 'now' } as const
    const { prorationDate } = await api.admin.subscriptions.previewChange.query(change)
    const { priceRef } = await api.admin.plans.previewMove.query(terms)
    await app.stopWorker()
    const order = await api.admin.plans.move.mutate({ ...terms, priceRef })
    await subscriptions.cancel.mutate({})
    const other = await app.aUser()
    await (await app.as(other)).api.auth.deactivate.mutate()
    await (await app.as(user)).api.auth.deactivate.mutate()

    await expect(resumeSubscription(app.scope(), { accountId: user.id })).rejects.toThrow(AccountNotOpen)
    expect((await api.admin.plans.previewMove.query(terms)).refusals).toEqual([{ reason: CLOSED, count: 1 }])
    await moveSubscribers(app.scope())
    expect((await api.admin.plans.moveItems.query({ moveId: order.id })).items).toMatchObject([
      { status: 'refused', reason: CLOSED },
    ])
    expect(await reasonOf(api.admin.subscriptions.previewChange.query(change))).toBe(CLOSED)
    expect(await reasonOf(api.admin.subscriptions.change.mutate({ ...change, prorationDate }))).toBe(CLOSED)
    const until = new Date(app.stripe.now().getTime() + DAY)
    const grant = { userId: other.id, planCode: 'after-closing', until }
    expect(await reasonOf(api.admin.subscriptions.grant.mutate(grant))).toBe(CLOSED)
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_000)
    await app.startWorker()
    await jobsDone(app, AccountClosed.name, MoveSubscribers.name)
  })

  test('is not charged if it closes while the change waits for the lock', async () => {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    await app.stopWorker()
    const scope = withTimeBudget(app.scope())
    const outcomes: Promise<unknown>[] = []
    await scope.em.fork().transactional(async (em) => {
      await em.execute('select id from customers where account_id = ? for update', [user.id])
      outcomes.push(changePlan(scope, { accountId: user.id, planCode: 'vip' }).catch((error: unknown) => error))
      await until('the change to wait', async () => {
        const [row] = await app.scope().em.execute<{ waiting: string }[]>(
          `select count(*) as waiting from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return Number(row?.waiting) > 0
      })
      await api.auth.deactivate.mutate()
    })
    expect(await Promise.all(outcomes)).toEqual([new AccountNotOpen()])
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_900)
    await app.startWorker()
  })
})
