import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aBuyerWith } from '../../../test/discounts.ts'
import { longTest } from '../../../test/long.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, stripeCustomerOf } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { OPERATOR } from '../../platform/audit/audit.ts'
import { DAY } from '../../platform/durations.ts'
import { withTimeBudget } from '../billing-scope.ts'
import { DiscountCodeTaken } from '../discount.errors.ts'
import { createDiscount } from './create-discount.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
})
afterAll(() => app[Symbol.asyncDispose]())

describe('a discount that runs', () => {
  test('is carried over by an upgrade as one for the new plan, not as one that is only for the old plan', async () => {
    const { admin } = (await anAdmin(app)).api
    const launch = { name: 'Launch', duration: 'forever' } as const
    await admin.discounts.create.mutate({ ...launch, percentOff: 50, code: 'ONLY-PRO', plans: ['pro'] })
    const { billing, current } = await aBuyerWith(app, 'pro', 'ONLY-PRO')
    const totalOf = async (planCode: string) => {
      const { sessionId } = await billing.subscriptions.upgrade.mutate({ planCode })
      return (await stripeClient(app).checkout.sessions.retrieve(sessionId)).amount_total
    }
    expect(await totalOf('vip')).toBe(4_900)
    const { id: discountId } = await admin.discounts.create.mutate({ ...launch, percentOff: 20 })
    await admin.subscriptions.applyDiscount.mutate({ id: current?.id ?? '', discountId })
    await aPlan(app, { code: 'top', priceCents: 8_000, tier: 'vip' })
    expect(await totalOf('top')).toBe(6_400)
  })

  test('is not carried over by a page that was opened before a renewal used it up', async () => {
    const { admin } = (await anAdmin(app)).api
    const once = await admin.discounts.create.mutate({ name: 'Once', percentOff: 50, duration: 'once' })
    const { subscriptions } = (await app.as(await aPayingUser(app, 'pro'))).api.billing
    const id = (await subscriptions.current.query())?.id ?? ''
    await admin.subscriptions.applyDiscount.mutate({ id, discountId: once.id })
    const open = async () => {
      const { sessionId } = await subscriptions.upgrade.mutate({ planCode: 'vip' })
      return stripeClient(app).checkout.sessions.retrieve(sessionId)
    }
    const before = await open()
    expect(before.amount_total).toBe(2_450)
    await advance(app, { days: 32 })
    await jobsDone(app, 'expire-checkouts')
    expect((await stripeClient(app).checkout.sessions.retrieve(before.id)).status).toBe('expired')
    expect((await open()).amount_total).toBe(4_900)
  })

  test('gets no second one beside it from an operator who has not seen it', async () => {
    const { api } = await anAdmin(app)
    const create = (name: string) => api.admin.discounts.create.mutate({ name, percentOff: 20, duration: 'forever' })
    const [{ id: one }, { id: other }] = [await create('Sorry'), await create('Sorry again')]
    const user = await aPayingUser(app, 'pro')
    const id = (await (await app.as(user)).api.billing.subscriptions.current.query())?.id ?? ''
    const { applyDiscount, get } = api.admin.subscriptions
    const { discountsRevision: revision } = await get.query({ id })
    await applyDiscount.mutate({ id, discountId: one, revision })
    await expect(applyDiscount.mutate({ id, discountId: other, revision })).rejects.toMatchObject(
      refusal('CONFLICT', 'REVISION_STALE'),
    )
    const seen = await get.query({ id })
    expect(seen.discounts).toMatchObject([{ name: 'Sorry' }])
    const both = await applyDiscount.mutate({ id, discountId: other, revision: seen.discountsRevision })
    expect(both.discounts).toHaveLength(2)
  })
})

describe('a code that two admins make at once, with other terms,', () => {
  const terms = { name: 'Race', duration: 'once', provider: 'stripe', firstTimeOnly: false } as const
  const ofCode = async (code: string) => {
    await jobsDone(app, 'end-discount')
    const { items } = await (await anAdmin(app)).api.admin.discounts.list.query({ status: 'active', limit: 100 })
    const active = { code, active: true, expand: ['data.promotion.coupon'] }
    const { data } = await stripeClient(app).promotionCodes.list(active)
    const atStripe = data.map(({ promotion: { coupon } }) => (typeof coupon === 'object' ? coupon?.percent_off : null))
    return { atStripe, here: items.filter((item) => item.code === code).map(({ percentOff }) => percentOff) }
  }

  test('is made once, and the others are refused because it is taken', async () => {
    const { create } = (await anAdmin(app)).api.admin.discounts
    const calls = [10, 20, 30].map((percentOff) => create.mutate({ ...terms, percentOff, code: 'RACE' }))
    const ends = await Promise.allSettled(calls)
    const refused = ends.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    for (const error of refused) expect(error).toMatchObject(refusal('CONFLICT', 'DISCOUNT_CODE_TAKEN'))
    const { atStripe, here } = await ofCode('RACE')
    expect([here.length, atStripe]).toEqual([3 - refused.length, here])
  })

  test('is not left at Stripe by the one that was replaced meanwhile', async () => {
    const { billing, ...scope } = withTimeBudget(app.scope())
    const { provider } = billing
    const { create } = (await anAdmin(app)).api.admin.discounts
    const late: typeof provider = {
      ...provider,
      async ensureDiscount(discount) {
        await create.mutate({ ...terms, percentOff: 30, code: 'LATE' })
        await jobsDone(app, 'end-discount')
        const { data } = await stripeClient(app).promotionCodes.list({ code: 'LATE', active: true })
        // As if Stripe had not made it yet.
        for (const { id } of data) await stripeClient(app).promotionCodes.update(id, { active: false })
        return provider.ensureDiscount(discount)
      },
    }
    const slow = { ...scope, billing: { ...billing, provider: late } }
    await expect(createDiscount(slow, OPERATOR, { ...terms, percentOff: 90, code: 'LATE' })).rejects.toBeInstanceOf(
      DiscountCodeTaken,
    )
    expect((await ofCode('LATE')).atStripe).toEqual([])
  })
})

describe('a promotion code of a change at the period’s end', () => {
  let admin: TollgateClient['api']['admin']
  beforeAll(async () => {
    admin = (await anAdmin(app)).api.admin
    await aPlan(app, { code: 'plus', priceCents: 3_000 })
    await admin.discounts.create.mutate({ name: 'Launch', percentOff: 20, duration: 'forever', code: 'RUNS' })
    const stay = { name: 'Stay', percentOff: 50, duration: 'repeating', months: 2, code: 'STAY' } as const
    await admin.discounts.create.mutate(stay)
  })

  const latest = async ({ payments }: Billing) => (await payments.list.query({})).items[0]?.amountCents
  const renewal = async (billing: Billing) => {
    await advance(app, { days: 32 })
    return latest(billing)
  }

  test('is redeemed then, for what the preview says, and replaces what runs until then', async () => {
    const { billing, user } = await aBuyerWith(app, 'vip', 'RUNS')
    const wish = { planCode: 'plus', promotionCode: 'STAY' }
    const preview = await billing.subscriptions.previewChange.query(wish)
    expect(preview).toMatchObject({ dueNowCents: 0, nextPaymentCents: 1_500, nextPayment: { discountCents: 1_500 } })
    const { prorationDate } = preview
    expect(await billing.subscriptions.change.mutate({ ...wish, prorationDate })).toMatchObject({
      ...{ plan: { code: 'vip' }, discounts: [{ name: 'Launch' }], scheduledChange: { plan: { code: 'plus' } } },
    })
    await eventsDone(app)
    await jobsDone(app, 'keep-discounts')
    // What support gives after that goes on beside it.
    const id = (await billing.subscriptions.current.query())?.id ?? ''
    const sorry = await admin.discounts.create.mutate({ name: 'Sorry', percentOff: 10, duration: 'forever' })
    await admin.subscriptions.applyDiscount.mutate({ id, discountId: sorry.id })
    await eventsDone(app)
    await jobsDone(app, 'keep-discounts')
    expect(await renewal(billing)).toBe(1_350)
    const names = (await billing.subscriptions.current.query())?.discounts.map(({ name }) => name)
    expect(names?.toSorted()).toEqual(['Sorry', 'Stay'])
    expect(await renewal(billing)).toBe(1_350)
    expect(await renewal(billing)).toBe(2_700)
    expect((await stripeSubscriptionOf(app, await stripeCustomerOf(app, user))).schedule).toBeNull()
  })

  test('goes with its change: another one has a preview of its own, with a code or with what runs', async () => {
    const { billing } = await aBuyerWith(app, 'vip', 'RUNS')
    await billing.subscriptions.change.mutate({ planCode: 'plus', promotionCode: 'STAY' })
    await eventsDone(app)
    const other = await billing.subscriptions.previewChange.query({ planCode: 'pro' })
    expect(other).toMatchObject({ nextPaymentCents: 1_520, nextPayment: { discountCents: 380 } })
    await billing.subscriptions.change.mutate({ planCode: 'pro', prorationDate: other.prorationDate })
    const wish = { planCode: 'plus', promotionCode: 'STAY' }
    const again = await billing.subscriptions.previewChange.query(wish)
    expect(again).toMatchObject({ nextPaymentCents: 1_500 })
    await billing.subscriptions.change.mutate({ ...wish, prorationDate: again.prorationDate })
    await billing.subscriptions.change.mutate({ planCode: 'pro' })
    await eventsDone(app)
    await jobsDone(app, 'keep-discounts')
    expect(await renewal(billing)).toBe(other.nextPaymentCents)
  })

  longTest('has a preview also while a change from a former price is scheduled', async () => {
    const { id } = await aPlan(app, { code: 'big', priceCents: 6_000, tier: 'vip' })
    const { billing } = await aBuyerWith(app, 'big', 'RUNS')
    await (await anAdmin(app)).api.billing.plans.update.mutate({ id, priceCents: 7_000 })
    await jobsDone(app, 'sync-plan')
    await billing.subscriptions.change.mutate({ planCode: 'pro' })
    await eventsDone(app)
    const wish = { planCode: 'plus', promotionCode: 'STAY' }
    // Stripe can't preview it, because a phase has a price that is not for sale any more.
    const { nextPayment, prorationDate } = await billing.subscriptions.previewChange.query(wish)
    expect(nextPayment).toBeNull()
    await billing.subscriptions.change.mutate({ ...wish, prorationDate })
    expect(await renewal(billing)).toBe(1_500)
  })

  test('that ends before then, or is for nothing, is refused, and nothing changes', async () => {
    const expiresAt = new Date(app.stripe.now().getTime() + 10 * DAY)
    await admin.discounts.create.mutate({ name: 'Soon', percentOff: 5, duration: 'once', code: 'SOON', expiresAt })
    await admin.discounts.create.mutate({
      name: 'New',
      percentOff: 5,
      duration: 'once',
      code: 'NEW',
      firstTimeOnly: true,
    })
    const { billing } = await aBuyerWith(app, 'vip', 'RUNS')
    const { change, previewChange, current } = billing.subscriptions
    for (const [planCode, promotionCode, message] of [
      ['plus', 'SOON', /ends before the change/],
      ['plus', 'NEW', /only for a first purchase/],
      ['vip', 'STAY', /needs a change to another plan/],
    ] as const) {
      const refused = { ...refusal('BAD_REQUEST', 'CODE_NOT_VALID'), message: expect.stringMatching(message) }
      if (planCode === 'plus')
        await expect(previewChange.query({ planCode, promotionCode })).rejects.toMatchObject(refused)
      if (planCode === 'plus') await expect(change.mutate({ planCode, promotionCode })).rejects.toMatchObject(refused)
      else {
        await change.mutate({ planCode: 'plus' })
        await expect(change.mutate({ planCode, promotionCode })).rejects.toMatchObject(refused)
      }
    }
    expect(await current.query()).toMatchObject({ scheduledChange: { plan: { code: 'plus' } } })
  })
})

type Billing = TollgateClient['api']['billing']
