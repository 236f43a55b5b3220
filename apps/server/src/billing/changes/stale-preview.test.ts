import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlan } from '../../../test/plans.ts'
import { advance } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'

describe('a preview', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  /** Shortly before the period's end, so that a preview is still fresh after it. */
  const nearlyOver = async (user: PayingUser) => {
    const { subscriptions } = (await app.as(user)).api.billing
    const { currentPeriodEnd } = (await subscriptions.current.query()) ?? {}
    const left = (currentPeriodEnd?.getTime() ?? 0) - 2 * MINUTE - (await app.deps.billing.time.now()).getTime()
    await advance(app, { seconds: Math.floor(left / SECOND) })
    return subscriptions
  }

  test.each([
    ['an upgrade', 'pro', 'vip'],
    ['a change that waits', 'vip', 'pro'],
  ])('of %s is stale once the period has ended', async (_, from, planCode) => {
    const user = await aPayingUser(app, from)
    const subscriptions = await nearlyOver(user)
    const { prorationDate } = await subscriptions.previewChange.query({ planCode })
    await advance(app, { seconds: 4 * 60 })
    const before = await ledgerOf(app, user.stripeCustomerId)
    expect(await reasonOf(subscriptions.change.mutate({ planCode, prorationDate }))).toBe('PREVIEW_STALE')
    expect(await ledgerOf(app, user.stripeCustomerId)).toEqual(before)
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: from }, scheduledChange: null })

    const again = await subscriptions.previewChange.query({ planCode })
    expect(await reasonOf(subscriptions.change.mutate({ planCode, prorationDate: again.prorationDate }))).toBe('fine')
  })

  test('from a trial is stale once the trial has ended, even if credit would pay for the change', async () => {
    await aPlan(app, { code: 'ends-soon', priceCents: 1_500, trialDays: 14 })
    const user = await aPayingUser(app, 'ends-soon')
    const stripe = stripeClient(app)
    await stripe.customers.createBalanceTransaction(user.stripeCustomerId, { amount: -90_000, currency: 'usd' })
    const subscriptions = await nearlyOver(user)
    const preview = await subscriptions.previewChange.query({ planCode: 'vip' })
    expect(preview).toMatchObject({ dueNowCents: 0, creditCents: 0 })
    await advance(app, { seconds: 4 * 60 })
    const before = await ledgerOf(app, user.stripeCustomerId)
    const change = subscriptions.change.mutate({ planCode: 'vip', prorationDate: preview.prorationDate })
    expect(await reasonOf(change)).toBe('PREVIEW_STALE')
    expect(await ledgerOf(app, user.stripeCustomerId)).toEqual(before)
    expect(await subscriptions.current.query()).toMatchObject({ status: 'active', plan: { code: 'ends-soon' } })
  })

  test('of an upgrade is stale once another change makes it a downgrade', async () => {
    await aPlan(app, { code: 'vip-high', priceCents: 9_000, tier: 'vip' })
    const user = await aPayingUser(app, 'pro')
    const { subscriptions } = (await app.as(user)).api.billing
    const { prorationDate } = await subscriptions.previewChange.query({ planCode: 'vip' })
    await subscriptions.change.mutate({ planCode: 'vip-high' })
    expect(await reasonOf(subscriptions.change.mutate({ planCode: 'vip', prorationDate }))).toBe('PREVIEW_STALE')
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'vip-high' }, scheduledChange: null })
  })
})
