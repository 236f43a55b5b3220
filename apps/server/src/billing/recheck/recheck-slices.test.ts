import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manySubscribers } from '../../../test/many-subscribers.ts'
import { calm, failNext, forgetEvents, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { DAY, HOUR } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { reconcile } from '../upkeep/reconcile.ts'
import { holdRecheck, readRecheck, releaseRecheck } from './recheck-state.ts'
import { recheck, recheckNow } from './recheck.ts'

/** More than two pages of Stripe's list. */
const SUBSCRIBERS = 230

describe('a recheck of more than one page', () => {
  let app: TestApp
  let ids: string[] = []
  beforeAll(async () => {
    app = await createTestApp({ RECHECK_EVERY: '1d', RECHECK_CALLS_PER_SECOND: '50' }, { worker: false })
    ids = (await manySubscribers(app, SUBSCRIBERS)).map(({ id }) => id)
  }, 60_000)
  afterAll(() => app[Symbol.asyncDispose]())

  /** Does one slice, as a job that has to stop at once. */
  const slice = (scope: BillingScope = app.scope()) => recheck(scope, { run: 0 })
  const state = () => readRecheck(app.scope().em, 'stripe')
  const statusOf = async (id: string | undefined) => {
    const [row] = await app
      .scope()
      .em.execute<{ status: string }[]>('select status from subscriptions where provider_subscription_id = ?', [id])
    return row?.status
  }
  const untilDone = async () => {
    for (let slices = 1; ; slices += 1) if ((await slice())?.finishedAt) return slices
  }

  test('waits until the reconciler has read the list of events', async () => {
    expect(await slice()).toBeNull()
    await reconcile(app.scope())
    expect(await slice()).toMatchObject({ step: 'subscriptions', listed: 100, asked: 0 })
  })

  test('is done page by page, and every page is read once, whichever process goes on', async () => {
    expect(await slice()).toMatchObject({ listed: 200, asked: 0 })
    expect(await slice()).toMatchObject({ listed: SUBSCRIBERS, step: 'unlisted' })
    await untilDone()
    // Each subscription and its invoice, once.
    expect(await state()).toMatchObject({ listed: 2 * SUBSCRIBERS, asked: 0, corrected: 0, failed: 0 })
  })

  test('comes again after RECHECK_EVERY, not before', async () => {
    app.clock.advance(20 * HOUR)
    expect(await slice()).toBeNull()
    app.clock.advance(5 * HOUR)
    expect(await slice()).toMatchObject({ listed: 100 })
    await untilDone()
  })

  test('finds what was canceled on the first page, on the last page, and at every border between pages', async () => {
    const newestFirst = ids.toReversed()
    const canceled = [0, 99, 100, 199, 200, SUBSCRIBERS - 1].map((index) => newestFirst[index] ?? '')
    for (const id of canceled) await stripeClient(app).subscriptions.cancel(id)
    await forgetEvents(app)
    app.clock.advance(DAY)
    await untilDone()
    expect(await state()).toMatchObject({ asked: canceled.length, corrected: canceled.length, failed: 0 })
    for (const id of canceled) expect(await statusOf(id)).toBe('canceled')
    const [{ live } = { live: 0 }] = await app
      .scope()
      .em.execute<{ live: number }[]>("select count(*)::int as live from subscriptions where status = 'active'")
    expect(live).toBe(SUBSCRIBERS - canceled.length)
  })

  test('continues where it was after Stripe was down, and after its process was killed in a slice', async () => {
    app.clock.advance(DAY)
    await slice()
    await failNext(app)
    expect(await slice()).toBeNull()
    await calm(app)
    // A killed process has stored nothing of its slice, and nobody has released what it held.
    const { em } = app.scope()
    await holdRecheck(app.scope(), '11111111-1111-4111-8111-111111111111')
    expect(await slice()).toBeNull()
    await em.execute("update provider_cursors set recheck_held_until = now() - interval '1 second'")
    expect((await slice())?.listed).toBe(200)
    await untilDone()
  })

  test('ends after the slice at hand when its worker has to stop', async () => {
    app.clock.advance(DAY)
    expect(await recheck(app.scope(), { stopping: AbortSignal.abort() })).toMatchObject({ listed: 100 })
    await untilDone()
  })

  test('is done by one process at a time', async () => {
    app.clock.advance(DAY)
    const done = (await Promise.all(Array.from({ length: 6 }, () => slice()))).filter((one) => one !== null)
    // A call that starts when another one has ended does the next slice, never the same one.
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(done.map(({ step, listed }) => `${step} ${listed}`)).size).toBe(done.length)
    await untilDone()
  })

  test('keeps its rate of calls, also for what it asks for one by one', async () => {
    const { em } = app.scope()
    await em.execute(
      `update subscriptions set price = 1 where id in (
         select id from subscriptions where status = 'active' order by id limit 12)`,
    )
    const settings = { ...app.deps.billing.settings }
    const slow = { ...settings, recheck: { ...settings.recheck, callsPerSecond: 20 } }
    const scope = app.scope()
    const before = performance.now()
    const done = await recheckNow({ ...scope, billing: { ...scope.billing, settings: slow } }, () => {})
    expect(done).toMatchObject({ asked: 12, corrected: 12 })
    expect(done.calls).toBeGreaterThan(12 + 6)
    // The last calls need no pause after them.
    const lastCalls = 6
    expect((performance.now() - before) / 1000).toBeGreaterThan((done.calls - lastCalls) / 20)
  })

  test('gives way to a person who waits for one', async () => {
    app.clock.advance(DAY)
    await slice()
    const holder = '22222222-2222-4222-8222-222222222222'
    await holdRecheck(app.scope(), holder)
    setTimeout(() => void releaseRecheck(app.scope(), holder), 500)
    const seen: string[] = []
    const done = await recheckNow(app.scope(), ({ step }) => void seen.push(step))
    expect(done).toMatchObject({ failed: 0, asked: 0 })
    expect(seen.length).toBeGreaterThan(5)
    expect(await slice()).toBeNull()
  })
})
