import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { readMrr } from '../../../test/discounts.ts'
import { until } from '../../../test/inbox.ts'
import { longTest } from '../../../test/long.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone, jobsDone } from '../../../test/progress.ts'
import { stripeCustomerOf } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { AccountClosed } from '../../auth/index.ts'

describe('with TAX=stripe', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp({ TAX: 'stripe', PROMOTION_CODES: 'true' })
    await aPlan(app, { code: 'euro', priceCents: 2_000, currency: 'eur' })
    const head_office = { address: { country: 'DE' } }
    await stripeClient(app).tax.settings.update({ head_office })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const NOWHERE = { line1: null, line2: null, city: null, postalCode: null, state: null }
  const inCountry = (country: string) => ({ ...NOWHERE, country })

  /** A user in a country who has bought a plan. */
  const aBuyerIn = async (
    country: string,
    planCode: string,
    taxIds: { type: string; value: string }[] = [],
    promotionCode?: string,
  ) => {
    const user = await app.aUser()
    const { billing } = (await app.as(user)).api
    await billing.details.update.mutate({ name: 'Ada GmbH', address: inCountry(country), taxIds })
    const { checkoutUrl } = await billing.subscriptions.subscribe.mutate({
      planCode,
      ...(promotionCode && { promotionCode }),
    })
    const { location } = await payOnPage(checkoutUrl)
    expect(location).not.toBeNull()
    await until('access', async () => (await billing.subscriptions.current.query())?.hasAccess)
    await eventsDone(app)
    return { user, billing, customer: await stripeCustomerOf(app, user) }
  }

  test('a tax is added to prices in dollars, and MRR is without it', async () => {
    const { api } = await anAdmin(app)
    const before = await readMrr(app, api)
    const { billing, customer } = await aBuyerIn('DE', 'pro')
    const [payment] = (await billing.payments.list.query({})).items
    expect(payment).toMatchObject({ amountCents: 2_261, subtotalCents: 1_900, discountCents: 0, taxCents: 361 })
    expect((await ledgerOf(app, customer)).charged).toBe(2_261)
    expect(await readMrr(app, api)).toBe(before + 1_900)
  })

  test('a tax is included in prices in euros, and MRR is without it', async () => {
    const { billing } = await aBuyerIn('FR', 'euro')
    const [payment] = (await billing.payments.list.query({})).items
    expect(payment).toMatchObject({ amountCents: 2_000, subtotalCents: 2_000, taxCents: 333 })
    const { mrr } = (await (await anAdmin(app)).api.admin.stats.query()).revenue
    expect(mrr).toContainEqual({ currency: 'eur', cents: 2_000 - 333 })
  })

  test('MRR is without the tax of today, even if the former price was charged without it', async () => {
    await aPlan(app, { code: 'euro-more', priceCents: 2_400, currency: 'eur' })
    const { admin } = (await anAdmin(app)).api
    const mrr = async () =>
      (await admin.stats.query()).revenue.mrr.find(({ currency }) => currency === 'eur')?.cents ?? 0
    const before = await mrr()
    const { billing } = await aBuyerIn('FR', 'euro', [{ type: 'eu_vat', value: 'FR12000000000' }])
    expect((await mrr()) - before).toBe(2_000)
    await billing.details.update.mutate({ taxIds: [] })
    await billing.subscriptions.change.mutate({ planCode: 'euro-more' })
    await eventsDone(app)
    expect((await mrr()) - before).toBe(2_400 - 400)
  })

  test('a business abroad pays none, and the status of its number is shown', async () => {
    const { billing, customer } = await aBuyerIn('FR', 'pro', [{ type: 'eu_vat', value: 'FR12000000000' }])
    expect((await billing.payments.list.query({})).items[0]).toMatchObject({ amountCents: 1_900, taxCents: 0 })
    const taxIds = [
      { type: 'eu_vat', value: 'FR12000000000' },
      { type: 'eu_vat', value: 'FR12111111111' },
      { type: 'eu_vat', value: 'FR12222222222' },
      { type: 'us_ein', value: '12-3456789' },
    ]
    const details = await billing.details.update.mutate({ taxIds: [...taxIds, ...taxIds.slice(3)] })
    expect(details.taxIds).toHaveLength(4)
    const statuses = Object.fromEntries(details.taxIds.map(({ value, status }) => [value, status]))
    expect(statuses).toEqual({
      FR12000000000: 'verified',
      FR12111111111: 'unverified',
      FR12222222222: 'pending',
      '12-3456789': null,
    })
    expect(details).toMatchObject({ name: 'Ada GmbH', address: inCountry('FR') })
    await stripeClient(app).customers.createTaxId(customer, { type: 'eu_vat', value: 'FR12000000000' })
    expect((await billing.details.update.mutate({ taxIds: taxIds.slice(0, 1) })).taxIds).toHaveLength(1)
  })

  test('bad details are refused with the name of the field, and change nothing', async () => {
    const { billing } = (await app.as(await app.aUser())).api
    expect(await billing.details.get.query()).toEqual({ name: null, address: null, taxIds: [] })
    const before = await billing.details.update.mutate({
      name: 'Ada',
      taxIds: [{ type: 'eu_vat', value: 'DE123456789' }],
    })
    const taxIds = ['DE987654321', 'nonsense'].map((value) => ({ type: 'eu_vat', value }))
    const refused = async (changes: Parameters<typeof billing.details.update.mutate>[0], field: string) => {
      const data = { reason: 'INVALID_INPUT', fieldErrors: { [field]: expect.any(String) } }
      await expect(billing.details.update.mutate(changes)).rejects.toMatchObject({ data })
    }
    await refused({ name: 'Eve', address: inCountry('US') }, 'address')
    await refused({ name: 'Eve', taxIds }, 'taxIds.1')
    await refused({ name: 'Eve', address: inCountry('Germany') }, 'address.country')
    // What Stripe took before it refused the rest is undone.
    await refused({ name: 'Eve', address: inCountry('DE'), taxIds }, 'taxIds.1')
    await refused({ name: 'Eve', address: inCountry('US'), taxIds: taxIds.slice(0, 1) }, 'address')
    await refused({ name: '  ' }, 'name')
    expect(await billing.details.get.query()).toEqual(before)
  })

  test('another country makes a preview stale, and the new one is what is charged', async () => {
    const { billing, customer } = await aBuyerIn('DE', 'pro')
    await advance(app, { days: 10 })
    const { subscriptions, details } = billing
    const german = await subscriptions.previewChange.query({ planCode: 'vip' })
    await details.update.mutate({ address: inCountry('HU') })
    const { prorationDate } = german
    await expect(subscriptions.change.mutate({ planCode: 'vip', prorationDate })).rejects.toMatchObject(
      refusal('CONFLICT', 'PREVIEW_STALE'),
    )
    const hungarian = await subscriptions.previewChange.query({ planCode: 'vip' })
    expect(hungarian.taxCents).toBeGreaterThan(german.taxCents)
    expect(hungarian.nextPayment).toEqual({ subtotalCents: 4_900, discountCents: 0, taxCents: 1_323 })
    const { charged } = await ledgerOf(app, customer)
    await subscriptions.change.mutate({ planCode: 'vip', prorationDate: hungarian.prorationDate })
    expect((await ledgerOf(app, customer)).charged - charged).toBe(hungarian.dueNowCents)
  })

  test('the page takes a promotion code, and the tax is computed from what is left', async () => {
    const { api } = await anAdmin(app)
    await api.admin.discounts.create.mutate({ name: 'Half', percentOff: 50, duration: 'forever', code: 'HALF' })
    const user = await app.aUser()
    const { billing } = (await app.as(user)).api
    await billing.details.update.mutate({ address: inCountry('DE') })
    const { checkoutUrl, sessionId } = await billing.subscriptions.subscribe.mutate({
      planCode: 'pro',
      promotionCode: 'HALF',
    })
    const session = await stripeClient(app).checkout.sessions.retrieve(sessionId)
    expect(session).toMatchObject({
      automatic_tax: { enabled: true },
      tax_id_collection: { enabled: true },
      amount_total: 1_131,
    })
    const plain = await billing.subscriptions.subscribe.mutate({ planCode: 'vip' })
    expect(await stripeClient(app).checkout.sessions.retrieve(plain.sessionId)).toMatchObject({
      allow_promotion_codes: true,
    })
    await payOnPage(checkoutUrl)
    await until('access', async () => (await billing.subscriptions.current.query())?.hasAccess)
    await eventsDone(app)
    expect((await billing.payments.list.query({})).items[0]).toMatchObject({
      ...{ amountCents: 1_131, subtotalCents: 1_900, discountCents: 950, taxCents: 181 },
    })
  })

  test('what is refunded is not credited again, with discount and tax', async () => {
    const { api } = await anAdmin(app)
    await api.admin.discounts.create.mutate({ name: 'Fifth', percentOff: 20, duration: 'forever', code: 'FIFTH' })
    const user = await app.aUser()
    const { billing } = (await app.as(user)).api
    await billing.details.update.mutate({ address: inCountry('DE') })
    const { checkoutUrl } = await billing.subscriptions.subscribe.mutate({ planCode: 'vip', promotionCode: 'FIFTH' })
    await payOnPage(checkoutUrl)
    await until('access', async () => (await billing.subscriptions.current.query())?.hasAccess)
    await eventsDone(app)
    const [payment] = (await billing.payments.list.query({})).items
    // $49 less a fifth, and 19 % on the rest.
    expect(payment).toMatchObject({ amountCents: 4_665, subtotalCents: 4_900, discountCents: 980, taxCents: 745 })
    const id = payment?.id ?? ''
    expect(await api.admin.payments.refund.mutate({ id, amountCents: 2_000, refundedCents: 0 })).toMatchObject({
      ...{
        status: 'partially_refunded',
        refundedCents: 2_000,
        subtotalCents: 4_900,
        discountCents: 980,
        taxCents: 745,
      },
    })
    const dear = await aPlan(app, { code: 'dear', priceCents: 9_000, tier: 'vip' })
    const preview = await billing.subscriptions.previewChange.query({ planCode: dear.code })
    const { prorationDate, dueNowCents, creditCents } = preview
    // A new period, in full. Of the old one, no more is credited than was paid and kept, with tax and after the discount.
    expect(dueNowCents).toBe(Math.round(9_000 * 0.8 * 1.19))
    expect(creditCents).toBeGreaterThan(2_600)
    expect(creditCents).toBeLessThanOrEqual(4_665 - 2_000)
    const customer = await stripeCustomerOf(app, user)
    const before = await ledgerOf(app, customer)
    await billing.subscriptions.change.mutate({ planCode: dear.code, prorationDate })
    await eventsDone(app)
    const after = await ledgerOf(app, customer)
    expect([after.charged - before.charged, after.credit - before.credit]).toEqual([dueNowCents, creditCents])
    expect(await billing.subscriptions.current.query()).toMatchObject({ discountCents: 1_800 })
  })

  describe('together with a discount', () => {
    let api: TollgateClient['api']
    beforeAll(async () => {
      ;({ api } = await anAdmin(app))
      await api.admin.discounts.create.mutate({ name: 'A fifth', percentOff: 20, duration: 'forever', code: 'A-FIFTH' })
      await aPlan(app, { code: 'dearer', priceCents: 7_700, tier: 'vip' })
    })
    const aBuyer = (planCode: string) => aBuyerIn('DE', planCode, [], 'A-FIFTH')
    /** A price less a fifth, and 19 % on the rest. */
    const paidFor = (priceCents: number) => Math.round(priceCents * 0.8 * 1.19)

    test('nothing is credited of what was refunded in full', async () => {
      const { billing, customer } = await aBuyer('vip')
      const [payment] = (await billing.payments.list.query({})).items
      const parts = { subtotalCents: 4_900, discountCents: 980, taxCents: 745 }
      const refund = { id: payment?.id ?? '', amountCents: paidFor(4_900), refundedCents: 0 }
      expect(await api.admin.payments.refund.mutate(refund)).toMatchObject({
        ...{ status: 'refunded', refundedCents: paidFor(4_900), ...parts },
      })
      const preview = await billing.subscriptions.previewChange.query({ planCode: 'dearer' })
      expect(preview).toMatchObject({ dueNowCents: paidFor(7_700), creditCents: 0 })
      const { prorationDate } = preview
      await billing.subscriptions.change.mutate({ planCode: 'dearer', prorationDate })
      await eventsDone(app)
      expect(await ledgerOf(app, customer)).toMatchObject({
        ...{ charged: paidFor(4_900) + paidFor(7_700), refunded: paidFor(4_900), credit: 0 },
      })
    })

    longTest('a renewal that is collected after the account was closed is refunded with its tax', async () => {
      const { user, customer } = await aBuyer('vip')
      await app.stopWorker()
      await (await app.as(user)).api.auth.deactivate.mutate()
      await app.stripe.advance({ days: 32 })
      await app.startWorker()
      await eventsDone(app)
      await jobsDone(app, AccountClosed.name, 'return-late-payment')
      expect(await ledgerOf(app, customer)).toMatchObject({
        ...{ charged: 2 * paidFor(4_900), refunded: paidFor(4_900), credit: 0 },
      })
    })

    longTest('a second upgrade is refunded, and the unused time is credited once, as it was paid', async () => {
      const { billing, customer } = await aBuyer('pro')
      const first = await billing.subscriptions.upgrade.mutate({ planCode: 'vip' })
      const second = await billing.subscriptions.upgrade.mutate({ planCode: 'dearer' })
      await Promise.all([payOnPage(first.checkoutUrl), payOnPage(second.checkoutUrl)])
      await until('an upgrade', async () => (await billing.subscriptions.current.query())?.plan.tier === 'vip')
      await eventsDone(app)
      await jobsDone(app, 'cancel-superseded', 'reverse-subscription', 'expire-checkouts')
      const kept = (await billing.subscriptions.current.query())?.priceCents ?? 0
      const { charged, refunded, credit } = await ledgerOf(app, customer)
      expect({ charged, refunded }).toEqual({
        charged: paidFor(1_900) + paidFor(4_900) + paidFor(7_700),
        refunded: paidFor(kept === 4_900 ? 7_700 : 4_900),
      })
      // All but the seconds that this test takes.
      expect(credit).toBeGreaterThan(paidFor(1_900) - 10)
      expect(credit).toBeLessThanOrEqual(paidFor(1_900))
    })
  })

  test('doctor knows what the settings at Stripe lack', async () => {
    const provider = app.deps.billing.provider.withTimeBudget(5_000)
    expect(await provider.findTaxProblems()).toMatchObject([
      expect.stringContaining('registration'),
      expect.stringContaining('portal'),
    ])
    const stripe = stripeClient(app)
    await stripe.tax.registrations.create({
      country: 'DE',
      country_options: { de: { type: 'standard', standard: { place_of_supply_scheme: 'standard' } } },
      active_from: 'now',
    })
    expect(await provider.findTaxProblems()).toMatchObject([expect.stringContaining('portal')])
  })
})
