import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf, UNKNOWN_ID } from '../../../test/admin.ts'
import { aBuyerWith, readMrr } from '../../../test/discounts.ts'
import { aMailTo, until } from '../../../test/inbox.ts'
import { longTest } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser, stripeCustomerOf, type PayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { calm, failNext, ledgerOf, LOST_ANSWER, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

type Discounts = TollgateClient['api']['admin']['discounts']
type Terms = Parameters<Discounts['create']['mutate']>[0]

describe('discounts', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
    await aPlan(app, { code: 'plus', priceCents: 3_000 })
    await aPlan(app, { code: 'euro', priceCents: 2_000, currency: 'eur' })
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  let codes = 0
  const newCode = () => `CODE-${++codes}`
  const create = (terms: Partial<Terms> = {}) =>
    api.admin.discounts.create.mutate({ name: 'Launch', percentOff: 20, duration: 'forever', ...terms })
  const subscriptionsOf = async (user: PayingUser) => (await app.as(user)).api.billing.subscriptions
  const aBuyer = (planCode: string, promotionCode: string) => aBuyerWith(app, planCode, promotionCode)
  const mrr = () => readMrr(app, api)

  test('an admin creates one, which is at Stripe, in the list, and in the audit log', async () => {
    const code = newCode()
    const expiresAt = new Date(Date.now() + 1e10)
    const limits = { plans: ['pro', 'plus'], maxRedemptions: 10, expiresAt }
    const made = await create({ code, ...limits, duration: 'repeating', months: 3 })
    expect(made).toMatchObject({ code, percentOff: 20, months: 3, plans: ['pro', 'plus'] })
    expect(made).toMatchObject({ status: 'active', redemptions: 0 })
    const [atStripe] = (
      await stripeClient(app).promotionCodes.list({ code, expand: ['data.promotion.coupon.applies_to'] })
    ).data
    expect(atStripe).toMatchObject({
      active: true,
      promotion: { coupon: { percent_off: 20, duration_in_months: 3, max_redemptions: 10, name: 'Launch' } },
    })
    expect((await api.admin.discounts.list.query({})).items[0]).toEqual(made)
    expect(await auditOf(app, made.id)).toMatchObject([{ action: 'discount.create', target_type: 'discount' }])
  })

  test('bad terms are refused with the name of the field, and nothing is made', async () => {
    const before = await api.admin.discounts.list.query({})
    const wrong: [Partial<Terms>, string][] = [
      [{ amountOff: 100, currency: 'usd' }, 'percentOff'],
      [{ percentOff: undefined }, 'percentOff'],
      [{ percentOff: 33.333 }, 'percentOff'],
      [{ percentOff: undefined, amountOff: 100 }, 'currency'],
      [{ percentOff: undefined, amountOff: 150, currency: 'isk' }, 'amountOff'],
      [{ duration: 'repeating' }, 'months'],
      [{ firstTimeOnly: true }, 'firstTimeOnly'],
      [{ code: 'with space' }, 'code'],
      [{ plans: ['pro', 'nowhere'] }, 'plans'],
      [{ expiresAt: new Date('2020-01-01') }, 'expiresAt'],
      [{ expiresAt: new Date(8.64e15) }, 'expiresAt'],
    ]
    for (const [terms, field] of wrong) {
      const data = { reason: 'INVALID_INPUT', fieldErrors: { [field]: expect.any(String) } }
      await expect(create(terms)).rejects.toMatchObject({ data })
    }
    await expect(create({ provider: 'paymob' })).rejects.toMatchObject(refusal('CONFLICT', 'PROVIDER_UNSUPPORTED'))
    expect(await api.admin.discounts.list.query({})).toEqual(before)
  })

  test('a lost answer leaves a draft, which a repeat finishes; a code is used once', async () => {
    const code = newCode()
    for (let call = 0; call < 2; call++) {
      await failNext(app, { count: 40, ...LOST_ANSWER })
      await expect(create({ code })).rejects.toMatchObject(refusal('BAD_GATEWAY', 'PAYMENT_PROVIDER_ERROR'))
      await calm(app)
    }
    await create({ code })
    expect((await stripeClient(app).promotionCodes.list({ code })).data).toHaveLength(1)
    await expect(create({ code: code.toLowerCase() })).rejects.toMatchObject(refusal('CONFLICT', 'DISCOUNT_CODE_TAKEN'))
  })

  test('a draft with other terms is replaced, also if its code exists at Stripe', async () => {
    const code = newCode()
    const first = await create({ code })
    await app
      .scope()
      .em.execute(`update discounts set status = 'draft', provider_coupon_id = null where id = ?`, [first.id])
    const second = await create({ code, percentOff: 30 })
    const { data } = await stripeClient(app).promotionCodes.list({
      code,
      active: true,
      expand: ['data.promotion.coupon'],
    })
    expect(data).toMatchObject([{ promotion: { coupon: { percent_off: 30 } } }])
    const { items } = await api.admin.discounts.list.query({})
    expect(items.filter((item) => item.code === code)).toMatchObject([{ id: second.id }])
    await jobsDone(app, 'end-discount')
  })

  test('a code that an operator made in the dashboard is taken, and works', async () => {
    const code = newCode()
    const stripe = stripeClient(app)
    const { id: coupon } = await stripe.coupons.create({ percent_off: 50, duration: 'once' })
    await stripe.promotionCodes.create({ code, promotion: { type: 'coupon', coupon } })
    await expect(create({ code })).rejects.toMatchObject(refusal('CONFLICT', 'DISCOUNT_CODE_TAKEN'))
    const { current, user, billing } = await aBuyer('pro', code)
    expect(current).toMatchObject({ priceCents: 1_900, discountCents: 0 })
    expect((await billing.payments.list.query({})).items).toMatchObject([
      { amountCents: 950, subtotalCents: 1_900, discountCents: 950 },
    ])
    expect((await ledgerOf(app, await stripeCustomerOf(app, user))).charged).toBe(950)
  })

  test('a code lowers the price at checkout, for its months, and MRR counts what is paid', async () => {
    const before = await mrr()
    const code = newCode()
    const { id } = await create({ code, duration: 'repeating', months: 2 })
    const { current, billing, user } = await aBuyer('pro', code.toLowerCase())
    expect((await aMailTo(user.email, /has started/)).text).toMatch(/costs \$15\.20 a month \(discounted until/)
    expect(current).toMatchObject({
      ...{ priceCents: 1_900, discountCents: 380 },
      discounts: [
        { name: 'Launch', percentOff: 20, amountOffCents: null, duration: 'repeating', endsAt: expect.any(Date) },
      ],
    })
    expect(await mrr()).toBe(before + 1_520)
    const listed = (await api.admin.discounts.list.query({})).items.find((item) => item.id === id)
    expect(listed?.redemptions).toBe(1)
    await advance(app, { days: 32 })
    await advance(app, { days: 31 })
    const paid = (await billing.payments.list.query({})).items.map(({ amountCents }) => amountCents)
    expect(paid).toEqual([1_900, 1_520, 1_520])
    expect(await billing.subscriptions.current.query()).toMatchObject({ discountCents: 0, discounts: [] })
    expect(await mrr()).toBe(before + 1_900)
  })

  test('a code that this purchase can not redeem is refused, and no page is opened', async () => {
    const user = await app.aUser()
    const { subscriptions } = (await app.as(user)).api.billing
    const refused = (promotionCode: string, message: RegExp, planCode = 'pro') =>
      expect(subscriptions.subscribe.mutate({ planCode, promotionCode })).rejects.toMatchObject({
        ...refusal('BAD_REQUEST', 'CODE_NOT_VALID'),
        message: expect.stringMatching(message),
      })
    const [other, foreign, large, ended, once] = [newCode(), newCode(), newCode(), newCode(), newCode()]
    await create({ code: other, plans: ['vip'] })
    await create({ code: foreign, percentOff: undefined, amountOff: 300, currency: 'usd' })
    await create({ code: large, minimumAmount: 5_000, currency: 'usd' })
    const { id } = await create({ code: ended })
    await api.admin.discounts.end.mutate({ id })
    await create({ code: once, maxRedemptions: 1 })
    await aBuyer('pro', once)
    await refused('NOWHERE', /does not exist/)
    await refused(other, /another plan/)
    await refused(foreign, /another currency/, 'euro')
    await refused(large, /larger purchase/)
    await refused(ended, /expired/)
    await refused(once, /used up/)
    expect(
      await app
        .scope()
        .em.execute('select 1 from checkouts c join customers on customers.id = c.customer_id where user_id = ?', [
          user.id,
        ]),
    ).toEqual([])
  })

  test('a code for first purchases is refused to a customer who has paid before', async () => {
    const code = newCode()
    await create({ code, firstTimeOnly: true })
    await aBuyer('pro', code)
    const user = await aPayingUser(app, 'pro')
    const subscriptions = await subscriptionsOf(user)
    await expect(subscriptions.upgrade.mutate({ planCode: 'vip', promotionCode: code })).rejects.toMatchObject({
      ...refusal('BAD_REQUEST', 'CODE_NOT_VALID'),
      message: expect.stringMatching(/first purchase/),
    })
  })

  test('a page without the code is not handed out with it, nor the other way round', async () => {
    const code = newCode()
    await create({ code })
    const { subscriptions } = (await app.as(await app.aUser())).api.billing
    const plain = await subscriptions.subscribe.mutate({ planCode: 'pro' })
    const promoted = await subscriptions.subscribe.mutate({ planCode: 'pro', promotionCode: code })
    expect(promoted.sessionId).not.toBe(plain.sessionId)
    expect(await subscriptions.subscribe.mutate({ planCode: 'pro', promotionCode: code })).toEqual(promoted)
    const stripe = stripeClient(app)
    expect((await stripe.checkout.sessions.retrieve(plain.sessionId)).status).toBe('expired')
    expect(await stripe.checkout.sessions.retrieve(promoted.sessionId)).toMatchObject({ amount_total: 1_520 })
  })

  test('what runs goes on after an upgrade by checkout, for the rest of its months', async () => {
    const code = newCode()
    await create({ code, duration: 'repeating', months: 3, maxRedemptions: 1 })
    const { billing } = await aBuyer('pro', code)
    await advance(app, { days: 40 })
    const { checkoutUrl } = await billing.subscriptions.upgrade.mutate({ planCode: 'vip' })
    await payOnPage(checkoutUrl)
    await until('the new plan', async () => (await billing.subscriptions.current.query())?.plan.code === 'vip')
    await eventsDone(app)
    expect(await billing.subscriptions.current.query()).toMatchObject({
      ...{ discountCents: 980, discounts: [{ name: 'Launch', percentOff: 20 }] },
    })
    const [latest] = (await billing.payments.list.query({})).items
    expect(latest).toMatchObject({ subtotalCents: 4_900, discountCents: 980 })
    // Bought on day 0 for 3 months, upgraded on day 40: two invoices are left.
    await advance(app, { days: 32 })
    await advance(app, { days: 32 })
    const paid = (await billing.payments.list.query({})).items.map(({ discountCents }) => discountCents)
    expect(paid.slice(0, 3)).toEqual([0, 980, 980])
  })

  longTest('what support gives goes on through a change that was scheduled before', async () => {
    const { id: discountId } = await create({ name: 'Sorry' })
    const user = await aPayingUser(app, 'vip')
    const subscriptions = await subscriptionsOf(user)
    await subscriptions.change.mutate({ planCode: 'plus' })
    const id = (await subscriptions.current.query())?.id ?? ''
    const apply = () => api.admin.subscriptions.applyDiscount.mutate({ id, discountId })
    expect(await apply()).toMatchObject({ discountCents: 980, discounts: [{ name: 'Sorry', percentOff: 20 }] })
    await apply()
    expect((await stripeSubscriptionOf(app, user.stripeCustomerId)).discounts).toHaveLength(1)
    expect((await auditOf(app, id)).map(({ action }) => action)).toContain('subscription.apply_discount')
    await advance(app, { days: 32 })
    expect(await subscriptions.current.query()).toMatchObject({
      ...{ plan: { code: 'plus' }, discountCents: 600, discounts: [{ name: 'Sorry' }] },
    })
    expect((await (await app.as(user)).api.billing.payments.list.query({})).items[0]).toMatchObject({
      amountCents: 2_400,
    })
  })

  test('what an operator gives in the dashboard goes on through a change that was scheduled before', async () => {
    const user = await aPayingUser(app, 'vip')
    const subscriptions = await subscriptionsOf(user)
    await subscriptions.change.mutate({ planCode: 'plus' })
    const stripe = stripeClient(app)
    const { id: coupon } = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
    const { id } = await stripeSubscriptionOf(app, user.stripeCustomerId)
    await stripe.subscriptions.update(id, { discounts: [{ coupon }] })
    await eventsDone(app)
    await jobsDone(app, 'keep-discounts')
    await advance(app, { days: 32 })
    expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'plus' }, discountCents: 300 })
  })

  test('can not be given where it does not belong', async () => {
    const { id: discountId } = await create({ percentOff: undefined, amountOff: 300, currency: 'eur' })
    const { id: ofVip } = await create({ plans: ['vip'] })
    const { id: over } = await create()
    await api.admin.discounts.end.mutate({ id: over })
    const user = await aPayingUser(app, 'pro')
    const id = (await (await subscriptionsOf(user)).current.query())?.id ?? ''
    const apply = (what: string, to = id) => api.admin.subscriptions.applyDiscount.mutate({ id: to, discountId: what })
    await expect(apply(discountId)).rejects.toMatchObject(refusal('CONFLICT', 'CURRENCY_MISMATCH'))
    await expect(apply(ofVip)).rejects.toMatchObject(refusal('BAD_REQUEST', 'CODE_NOT_VALID'))
    await expect(apply(over)).rejects.toMatchObject(refusal('CONFLICT', 'DISCOUNT_ENDED'))
    await expect(apply(UNKNOWN_ID)).rejects.toMatchObject(refusal('NOT_FOUND', 'DISCOUNT_NOT_FOUND'))
    await expect(apply(ofVip, UNKNOWN_ID)).rejects.toMatchObject(refusal('NOT_FOUND', 'SUBSCRIPTION_NOT_FOUND'))
    const granted = await app.aUser()
    await aGrant(app, granted, 'vip')
    const grant = (await (await app.as(granted)).api.billing.subscriptions.current.query())?.id ?? ''
    await expect(apply(ofVip, grant)).rejects.toMatchObject(refusal('CONFLICT', 'PROVIDER_UNSUPPORTED'))
  })

  test('one that is ended while Stripe is down ends there later, and goes on for those who have it', async () => {
    const code = newCode()
    const { id } = await create({ code })
    const { billing } = await aBuyer('pro', code)
    await failNext(app)
    expect(await api.admin.discounts.end.mutate({ id })).toMatchObject({ status: 'ended', endedAt: expect.any(Date) })
    await expect(api.admin.discounts.end.mutate({ id })).rejects.toMatchObject(refusal('CONFLICT', 'DISCOUNT_ENDED'))
    await calm(app)
    await until('the end at Stripe', async () => {
      const { data } = await stripeClient(app).promotionCodes.list({ code, active: true })
      return data.length === 0
    })
    await advance(app, { days: 32 })
    expect((await billing.payments.list.query({})).items[0]).toMatchObject({ amountCents: 1_520 })
  })
})
