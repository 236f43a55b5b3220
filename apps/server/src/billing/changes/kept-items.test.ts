import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { anAddOn, aPlan, priceIdOf } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { calm, failNext, ledgerOf, LOST_ANSWER, stripeClient, stripeSubscriptionOf } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

const idOf = (reference: string | { id: string } | undefined) =>
  typeof reference === 'string' ? reference : (reference?.id ?? '')

describe('a change of plan touches nothing but the plan:', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
    await aPlan(app, { code: 'plus', priceCents: 2_500 })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const atStripe = async ({ stripeCustomerId }: PayingUser) => stripeSubscriptionOf(app, stripeCustomerId)
  const itemsOf = async (user: PayingUser) =>
    (await atStripe(user)).items.data.map(({ price, quantity }) => [price.id, quantity])
  const scheduleOf = async (user: PayingUser) => {
    const { schedule } = await atStripe(user)
    return schedule ? stripeClient(app).subscriptionSchedules.retrieve(idOf(schedule)) : null
  }
  const update = async (user: PayingUser, params: Stripe.SubscriptionUpdateParams) => {
    const { id, items } = await atStripe(user)
    const [plan] = items.data
    await stripeClient(app).subscriptions.update(id, params)
    await eventsDone(app)
    return plan?.id ?? ''
  }
  /** Three seats, an add-on before the next invoice, a coupon and a tax rate, all given by support. */
  const aSupportedUser = async (planCode: string) => {
    const user = await aPayingUser(app, planCode)
    const stripe = stripeClient(app)
    const [addOn, coupon, tax, ownTax] = await Promise.all([
      anAddOn(app, 700),
      stripe.coupons.create({ percent_off: 10, duration: 'forever' }),
      stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false }),
      stripe.taxRates.create({ display_name: 'Levy', percentage: 5, inclusive: false }),
    ])
    const plan = (await atStripe(user)).items.data[0]?.id ?? ''
    await update(user, {
      items: [
        { id: plan, quantity: 3, metadata: { seats: 'agreed' } },
        { price: addOn, quantity: 2, tax_rates: [ownTax.id] },
      ],
      proration_behavior: 'none',
      discounts: [{ coupon: coupon.id }],
      default_tax_rates: [tax.id],
      metadata: { note: 'from support' },
      description: 'Three seats',
    })
    const { subscriptions, payments } = (await app.as(user)).api.billing
    return { user, addOn, subscriptions, payments }
  }
  /** What must be the same after a change. */
  const keptOf = async (user: PayingUser) => {
    const subscription = await atStripe(user)
    const { discounts, default_tax_rates, metadata, description, collection_method, default_payment_method } =
      subscription
    const [plan, ...addOns] = subscription.items.data
    return {
      ...{ discounts, default_tax_rates, description, collection_method, default_payment_method },
      note: metadata['note'],
      plan: [plan?.quantity, plan?.metadata],
      addOns: addOns.map(({ id, price, quantity, tax_rates }) => [id, price.id, quantity, tax_rates]),
    }
  }

  test('an upgrade at once charges what the preview said, and keeps items, seats, discounts and taxes', async () => {
    const { user, subscriptions, payments } = await aSupportedUser('pro')
    const before = await keptOf(user)
    await advance(app, { days: 10 })
    const preview = await subscriptions.previewChange.query({ planCode: 'plus' })
    // Dearer for one, although three of the old plan cost more than one of the new.
    expect(preview.takesEffectAt).toEqual(preview.prorationDate)
    expect(preview.dueNowCents).toBeGreaterThan(0)
    const { charged } = await ledgerOf(app, user.stripeCustomerId)
    const { prorationDate } = preview
    expect(await subscriptions.change.mutate({ planCode: 'plus', prorationDate })).toMatchObject({
      ...{ plan: { code: 'plus' }, quantity: 3, unitPriceCents: 2_500, priceCents: 3 * 2_500 + 2 * 700 },
    })
    expect(await keptOf(user)).toEqual(before)
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(charged + preview.dueNowCents)
    const paid = charged + preview.dueNowCents
    expect(preview.taxCents).toBeGreaterThan(0)
    const { subtotalCents, discountCents, taxCents } = preview
    expect(subtotalCents - discountCents + taxCents).toBe(preview.dueNowCents)
    expect((await payments.list.query({})).items[0]).toMatchObject({
      ...{ amountCents: preview.dueNowCents, subtotalCents, discountCents, taxCents },
    })
    await advance(app, { days: 25 })
    // 10 % off, then 20 % tax on the plan and 5 % on the add-on.
    const next = { subtotalCents: 8_900, discountCents: 890, taxCents: 1_350 + 63 }
    expect(preview.nextPayment).toEqual(next)
    expect(preview.nextPaymentCents).toBe(8_900 - 890 + 1_413)
    expect((await payments.list.query({})).items[0]).toMatchObject({ amountCents: preview.nextPaymentCents, ...next })
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(paid + preview.nextPaymentCents)
  })

  test('a downgrade at the end of the period keeps them as well, before and after', async () => {
    const { user, subscriptions } = await aSupportedUser('vip')
    const before = await keptOf(user)
    const preview = await subscriptions.previewChange.query({ planCode: 'plus' })
    expect(preview).toMatchObject({ dueNowCents: 0, creditCents: 0 })
    expect(await subscriptions.change.mutate({ planCode: 'plus' })).toMatchObject({
      ...{ plan: { code: 'vip' }, quantity: 3, scheduledChange: { plan: { code: 'plus' } } },
    })
    expect(await keptOf(user)).toEqual(before)
    const { charged } = await ledgerOf(app, user.stripeCustomerId)
    await advance(app, { days: 32 })
    expect(await subscriptions.current.query()).toMatchObject({
      ...{ plan: { code: 'plus' }, quantity: 3, priceCents: 3 * 2_500 + 2 * 700, scheduledChange: null },
    })
    expect(await keptOf(user)).toEqual(before)
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(charged + preview.nextPaymentCents)
    // The schedule has done its work. It would keep support from canceling in the dashboard.
    await jobsDone(app, 'release-schedule')
    expect((await atStripe(user)).schedule).toBeNull()
  })

  test('the plan may be any of the items', async () => {
    const user = await aPayingUser(app, 'vip')
    const { subscriptions } = (await app.as(user)).api.billing
    const [vip, pro, addOn] = [await priceIdOf(app, 'vip'), await priceIdOf(app, 'pro'), await anAddOn(app, 900)]
    const { id, items } = await atStripe(user)
    // The add-on takes the first place.
    await stripeClient(app).subscriptions.update(id, {
      items: [{ id: items.data[0]?.id ?? '', price: addOn }, { price: vip }],
      proration_behavior: 'none',
    })
    await eventsDone(app)
    await subscriptions.change.mutate({ planCode: 'plus' })
    await subscriptions.change.mutate({ planCode: 'vip' })
    await subscriptions.change.mutate({ planCode: 'pro' })
    expect(await itemsOf(user)).toEqual([
      [addOn, 1],
      [vip, 1],
    ])
    await advance(app, { days: 32 })
    expect(await itemsOf(user)).toEqual([
      [addOn, 1],
      [pro, 1],
    ])
    await subscriptions.change.mutate({ planCode: 'vip' })
    expect(await itemsOf(user)).toEqual([
      [addOn, 1],
      [vip, 1],
    ])
    await subscriptions.cancel.mutate()
    await subscriptions.resume.mutate()
    expect(await itemsOf(user)).toEqual([
      [addOn, 1],
      [vip, 1],
    ])
  })

  test('an upgrade by checkout buys seats and add-ons again', async () => {
    const { user, addOn, subscriptions } = await aSupportedUser('pro')
    const { checkoutUrl } = await subscriptions.upgrade.mutate({ planCode: 'vip' })
    await payOnPage(checkoutUrl)
    await until('the upgrade', async () => (await subscriptions.current.query())?.plan.code === 'vip')
    await eventsDone(app)
    expect(await subscriptions.current.query()).toMatchObject({ quantity: 3, priceCents: 3 * 4_900 + 2 * 700 })
    expect(await itemsOf(user)).toEqual([
      [await priceIdOf(app, 'vip'), 3],
      [addOn, 2],
    ])
  })

  describe('from an archived price', () => {
    /** Whether Stripe has the price and its product on offer. */
    const sold = async (priceId: string, productId: string) => [
      (await stripeClient(app).prices.retrieve(priceId)).active,
      (await stripeClient(app).products.retrieve(productId)).active,
    ]
    const outdated = async (code: string, how: 'repriced' | 'retired') => {
      const { id } = await aPlan(app, { code, priceCents: 3_000 })
      const user = await aPayingUser(app, code)
      const admin = (await app.as(await app.aUser({ isAdmin: true }))).api.billing.plans
      if (how === 'repriced') await admin.update.mutate({ id, priceCents: 3_500 })
      else await admin.delete.mutate({ id })
      const price = (await atStripe(user)).items.data[0]?.price
      await until('the archiving', async () => (await sold(price?.id ?? '', idOf(price?.product))).includes(false))
      return { user, priceId: price?.id ?? '', productId: idOf(price?.product) }
    }

    test.each(firstOf(1, ['retired', 'repriced']))('of a plan that was %s, a downgrade works', async (how) => {
      const { user, priceId, productId } = await outdated(`old-${how}`, how)
      const { subscriptions } = (await app.as(user)).api.billing
      const before = await sold(priceId, productId)
      expect(before).toContain(false)
      expect(await subscriptions.change.mutate({ planCode: 'pro' })).toMatchObject({
        ...{ unitPriceCents: 3_000, scheduledChange: { plan: { code: 'pro' } } },
      })
      expect(await sold(priceId, productId)).toEqual(before)
      await advance(app, { days: 32 })
      expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'pro' }, priceCents: 1_900 })
    })

    test("of an operator's add-on that a dying process left on sale, a job archives it again", async () => {
      const stripe = stripeClient(app)
      const price = await anAddOn(app, 800)
      const product = idOf((await stripe.prices.retrieve(price)).product)
      const user = await aPayingUser(app, 'vip')
      await update(user, { items: [{ price }], proration_behavior: 'none' })
      await stripe.prices.update(price, { active: false })
      await stripe.products.update(product, { active: false })
      const { subscriptions } = (await app.as(user)).api.billing
      await subscriptions.change.mutate({ planCode: 'plus' })
      expect(await sold(price, product)).toEqual([false, false])
      expect((await stripe.prices.retrieve(price)).metadata).toEqual({})

      const left = { active: true, metadata: { archive_again: 'true' } }
      await stripe.products.update(product, left)
      await stripe.prices.update(price, left)
      await eventsDone(app)
      await app.scope().em.execute("update pgboss.job set start_after = now() where name = 'archive-again'")
      await until('the archiving', async () => !(await sold(price, product)).includes(true))
      expect((await stripe.prices.retrieve(price)).metadata).toEqual({})
    })

    test.each(
      firstOf(1, [
        ['makes it, but the answer is lost', { count: 8, ...LOST_ANSWER }],
        ['refuses it', { count: 8, status: 400 }],
        ['fails', { count: 8, status: 500 }],
      ]),
    )('no schedule stays behind when Stripe %s', async (_how, failure) => {
      const user = await aPayingUser(app, 'vip')
      const { subscriptions } = (await app.as(user)).api.billing
      const [stripe, { id }] = [stripeClient(app), await atStripe(user)]
      // An earlier try has crashed after it made its schedule.
      await stripe.subscriptionSchedules.create({ from_subscription: id, metadata: { plan_change: 'crashed' } })
      await failNext(app, failure)
      expect(await reasonOf(subscriptions.change.mutate({ planCode: 'plus' }))).toBe('PAYMENT_PROVIDER_ERROR')
      await calm(app)
      await stripe.subscriptions.update(id, { metadata: { touched: 'yes' } })
      await eventsDone(app)
      await jobsDone(app, 'release-schedule')
      expect((await atStripe(user)).schedule).toBeNull()
      await stripe.subscriptions.update(id, { cancel_at_period_end: true })
      await eventsDone(app)
      await subscriptions.resume.mutate()
      expect(await subscriptions.change.mutate({ planCode: 'plus' })).toMatchObject({
        scheduledChange: { plan: { code: 'plus' } },
      })
    })
  })

  describe('a schedule that an operator has made', () => {
    /** From the next period on, two months with a coupon. */
    const scheduled = async (user: PayingUser) => {
      const stripe = stripeClient(app)
      const { id } = await stripe.coupons.create({ percent_off: 50, duration: 'repeating', duration_in_months: 2 })
      const made = await stripe.subscriptionSchedules.create({ from_subscription: (await atStripe(user)).id })
      const [phase] = made.phases
      const items = [{ price: await priceIdOf(app, 'vip'), quantity: 1 }]
      await stripe.subscriptionSchedules.update(made.id, {
        phases: [
          { items, start_date: phase?.start_date ?? 0, end_date: phase?.end_date ?? 0 },
          { items, discounts: [{ coupon: id }], duration: { interval: 'month', interval_count: 2 } },
        ],
      })
      await eventsDone(app)
      return { coupon: id, scheduleId: made.id }
    }

    test('goes on with the new plan after an upgrade, a downgrade, and one that is taken back', async () => {
      await aPlan(app, { code: 'top', priceCents: 9_000, tier: 'vip' })
      const user = await aPayingUser(app, 'vip')
      const { subscriptions } = (await app.as(user)).api.billing
      const { coupon, scheduleId } = await scheduled(user)
      const later = async () => {
        const phase = (await scheduleOf(user))?.phases.at(-1)
        return [idOf(phase?.items[0]?.price), phase?.discounts[0]?.coupon]
      }
      expect(await subscriptions.change.mutate({ planCode: 'pro' })).toMatchObject({
        ...{ plan: { code: 'vip' }, scheduledChange: { plan: { code: 'pro' } } },
      })
      expect(await later()).toEqual([await priceIdOf(app, 'pro'), coupon])
      expect(await subscriptions.change.mutate({ planCode: 'vip' })).toMatchObject({ scheduledChange: null })
      expect(await later()).toEqual([await priceIdOf(app, 'vip'), coupon])
      expect(await subscriptions.change.mutate({ planCode: 'top' })).toMatchObject({ plan: { code: 'top' } })
      expect(await later()).toEqual([await priceIdOf(app, 'top'), coupon])
      expect((await scheduleOf(user))?.id).toBe(scheduleId)
      const { charged } = await ledgerOf(app, user.stripeCustomerId)
      await advance(app, { days: 32 })
      expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(charged + 4_500)
      expect(await subscriptions.current.query()).toMatchObject({ plan: { code: 'top' }, scheduledChange: null })
    })
  })
})
