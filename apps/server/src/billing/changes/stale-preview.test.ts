import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aBuyerWith } from '../../../test/discounts.ts'
import { mailsTo } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, stripeCustomerOf, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { ledgerOf, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { warnOfLostCodes } from '../upkeep/warn-of-lost-codes.ts'

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

  test.each(
    firstOf(1, [
      ['an upgrade', 'pro', 'vip'],
      ['a change that waits', 'vip', 'pro'],
    ]),
  )('of %s is stale once the period has ended', async (_, from, planCode) => {
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

  test('with a promotion code is what is charged, and what runs ends with it', async () => {
    const { create } = (await anAdmin(app)).api.admin.discounts
    const terms = { duration: 'repeating', months: 2 } as const
    await create.mutate({ name: 'Fifth', percentOff: 20, code: 'FIFTH', duration: 'forever' })
    await create.mutate({ name: 'New', percentOff: 50, code: 'NEW', firstTimeOnly: true, ...terms })
    await create.mutate({ name: 'Half', percentOff: 50, code: 'HALF', ...terms })
    const { user, billing } = await aBuyerWith(app, 'pro', 'FIFTH')
    const { subscriptions } = billing
    await advance(app, { days: 10 })
    for (const refused of [
      { planCode: 'vip', promotionCode: 'NOWHERE' },
      { planCode: 'vip', promotionCode: 'NEW' },
    ]) {
      expect(await reasonOf(subscriptions.previewChange.query(refused))).toBe('CODE_NOT_VALID')
      expect(await reasonOf(subscriptions.change.mutate(refused))).toBe('CODE_NOT_VALID')
    }
    const input = { planCode: 'vip', promotionCode: 'half' }
    const plain = await subscriptions.previewChange.query({ planCode: 'vip' })
    const { prorationDate: ofPlain } = plain
    expect(await reasonOf(subscriptions.change.mutate({ ...input, prorationDate: ofPlain }))).toBe('PREVIEW_STALE')

    const { prorationDate, dueNowCents, nextPaymentCents } = await subscriptions.previewChange.query(input)
    expect(dueNowCents).toBeLessThan(plain.dueNowCents)
    expect(nextPaymentCents).toBe(2_450)
    const customer = await stripeCustomerOf(app, user)
    const { charged } = await ledgerOf(app, customer)
    expect(await subscriptions.change.mutate({ ...input, prorationDate })).toMatchObject({
      ...{ plan: { code: 'vip' }, discountCents: 2_450, discounts: [{ name: 'Half' }] },
    })
    expect((await ledgerOf(app, customer)).charged - charged).toBe(dueNowCents)
    await advance(app, { days: 32 })
    expect((await billing.payments.list.query({})).items[0]).toMatchObject({ amountCents: nextPaymentCents })
  })

  test('with a promotion code that others use up before the change sends one email about that', async () => {
    const { create } = (await anAdmin(app)).api.admin.discounts
    await create.mutate({ name: 'Only', percentOff: 50, code: 'ONLY', duration: 'forever', maxRedemptions: 1 })
    const user = await aPayingUser(app, 'vip')
    const { subscriptions } = (await app.as(user)).api.billing
    const wish = { planCode: 'pro', promotionCode: 'ONLY' }
    expect(await subscriptions.change.mutate(wish)).toMatchObject({ scheduledChange: { plan: { code: 'pro' } } })
    const told = async () => {
      await warnOfLostCodes(app.scope())
      await jobsDone(app, 'send-mail')
      return (await mailsTo(user.email)).filter(({ subject }) => subject.includes('ONLY no longer works'))
    }
    expect(await told()).toEqual([])
    await aBuyerWith(app, 'pro', 'ONLY')
    // It was looked at within the last day.
    expect(await told()).toEqual([])
    await app.scope().em.execute("update code_checks set checked_at = checked_at - interval '1 day'")
    const [mail] = await told()
    expect(mail?.text.replaceAll(/\s+/g, ' ')).toContain('it will take nothing off')
    expect(await told()).toHaveLength(1)
  })

  test('with promotion codes that end sends an email for each at once, and none is looked at without a reason', async () => {
    const { create, end } = (await anAdmin(app)).api.admin.discounts
    const ended = await create.mutate({ name: 'Ended', percentOff: 10, code: 'ENDED', duration: 'once' })
    await create.mutate({ name: 'Gone', percentOff: 20, code: 'GONE', duration: 'once' })
    const [user, plain] = [await aPayingUser(app, 'vip'), await aPayingUser(app, 'vip')]
    const { subscriptions } = (await app.as(user)).api.billing
    await subscriptions.change.mutate({ planCode: 'pro', promotionCode: 'ENDED' })
    await (await app.as(plain)).api.billing.subscriptions.change.mutate({ planCode: 'pro' })
    const stripe = stripeClient(app)
    // An operator adds another code to our schedule.
    const { id: subscriptionId } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    const { schedule } = await stripe.subscriptions.retrieve(subscriptionId, { expand: ['schedule'] })
    if (!schedule || typeof schedule === 'string') throw new Error('There is no schedule.')
    const [present, later] = schedule.phases
    const [{ id: gone } = { id: '' }] = (await stripe.promotionCodes.list({ code: 'GONE' })).data
    const first = later?.discounts[0]?.promotion_code
    const firstId = typeof first === 'string' ? first : (first?.id ?? '')
    await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [present, later].map((phase, index) => ({
        items: (phase?.items ?? []).map(({ price, quantity }) => ({
          price: typeof price === 'string' ? price : price.id,
          quantity: quantity ?? 1,
        })),
        start_date: phase?.start_date,
        end_date: phase?.end_date,
        ...(index === 1 && { discounts: [{ promotion_code: firstId }, { promotion_code: gone }] }),
      })),
    })
    const looked = async () =>
      app.scope().em.execute<{ codes: number; is_due: boolean }[]>(
        `select cardinality(refs) as codes, checked_at is null as is_due from code_checks
         where subscription_id in (select id from subscriptions where account_id in (?, ?)) order by codes`,
        [user.id, plain.id],
      )
    await warnOfLostCodes(app.scope())
    expect(await looked()).toEqual([
      { codes: 0, is_due: false },
      { codes: 4, is_due: false },
    ])
    await stripe.promotionCodes.update(gone, { active: false })
    await end.mutate({ id: ended.id })
    await eventsDone(app)
    await jobsDone(app, 'warn-of-lost-codes')
    await jobsDone(app, 'send-mail')
    const subjects = (await mailsTo(user.email)).map(({ subject }) => subject)
    for (const code of ['ENDED', 'GONE']) {
      expect(subjects.filter((subject) => subject.includes(`${code} no longer works`))).toHaveLength(1)
    }
    expect((await looked())[1]).toEqual({ codes: 4, is_due: false })
  })
})
