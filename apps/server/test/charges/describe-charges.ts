import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../admin.ts'
import { until } from '../inbox.ts'
import { addMember, anOrganization } from '../organizations.ts'
import { payOnPage } from '../pay.ts'
import { aPlan } from '../plans.ts'
import { advance, eventsDone } from '../progress.ts'
import { ledgerOf, stripeClient } from '../stripe.ts'
import { customerOf } from '../teams.ts'
import { createTestApp, type TestApp } from '../test-app.ts'
import { combinations, type Combination } from './combinations.ts'

/** The plans before and after each kind of change. */
const PLANS = {
  upgrade: ['small', 'large'],
  downgrade: ['large', 'small'],
  'to yearly': ['small', 'year'],
  'to monthly': ['year', 'small'],
} as const

type Api = Awaited<ReturnType<TestApp['as']>>['api']
type Preview = Awaited<ReturnType<Api['billing']['subscriptions']['previewChange']['query']>>

interface Buyer {
  combination: Combination
  accountId: string
  customer: string
  billing: Api['billing']
}

/** A change that was made: what the preview said, and what was charged. */
export interface Charged {
  combination: Combination
  preview: Preview
  chargedNow: number
  creditedNow: number
  /** What the next payment was. */
  chargedNext: number | null
}

/**
 * Checks that what a preview says is what is charged, to the cent, for so many combinations of plan change, seats,
 * discount, tax, balance and currency.
 */
export function describeCharges(count: number, print: (all: readonly Charged[]) => void = () => {}): void {
  describe('what a preview says is what is charged', () => {
    let app: TestApp
    let admin: Api
    const discounts = new Map<string, string>()
    beforeAll(async () => {
      app = await createTestApp({ TAX: 'stripe' })
      admin = (await anAdmin(app)).api
      await stripeClient(app).tax.registrations.create({
        country: 'DE',
        country_options: { de: { type: 'standard', standard: { place_of_supply_scheme: 'standard' } } },
        active_from: 'now',
      })
    })
    afterAll(() => app[Symbol.asyncDispose]())

    const codeOf = (of: Combination, plan: string) => `${of.currency}-${plan}${of.hasSeats ? '-seats' : ''}`

    /** Creates the plans that are missing: all terms are of the currency's smallest unit. */
    async function plansFor(of: Combination): Promise<void> {
      const known = (await admin.billing.plans.list.query()).map(({ code }) => code)
      const seats = of.hasSeats ? { included: 1, perSeatCents: 700, max: null } : null
      const terms = {
        small: [2_100, 'monthly', 'pro'],
        large: [5_300, 'monthly', 'vip'],
        year: [49_900, 'yearly', 'vip'],
      } as const
      for (const plan of PLANS[of.kind]) {
        const [priceCents, billingPeriod, tier] = terms[plan]
        const code = codeOf(of, plan)
        if (!known.includes(code))
          await aPlan(app, { code, priceCents, billingPeriod, tier, currency: of.currency, seats })
      }
    }

    async function discountFor({ discount, currency }: Combination): Promise<{ id: string; code: string } | null> {
      if (discount === 'none') return null
      const code = `${discount.replaceAll(/[^\da-z]+/g, '-')}-${currency}`
      const known = discounts.get(code)
      if (known) return { id: known, code }
      const terms = {
        '20 % forever': { percentOff: 20, duration: 'forever' },
        '300 off for 3 months': { amountOff: 300, currency, duration: 'repeating', months: 3 },
        '50 % once': { percentOff: 50, duration: 'once' },
      } as const
      const { id } = await admin.admin.discounts.create.mutate({ name: discount, code, ...terms[discount] })
      discounts.set(code, id)
      return { id, code }
    }

    async function aBuyer(combination: Combination): Promise<Buyer> {
      await plansFor(combination)
      const discount = await discountFor(combination)
      const user = await app.aUser()
      const { api } = await app.as(user)
      const accountId = combination.hasSeats ? (await anOrganization(app, { ...user, api })).id : user.id
      if (combination.hasSeats) {
        for (let joined = 1; joined < 3; joined++) await addMember(app, accountId, await app.aUser(), 'member')
      }
      const nowhere = { line1: null, line2: null, city: null, postalCode: null, state: null }
      // Where there is no registration, no tax is collected.
      const address = { ...nowhere, country: combination.isTaxed ? 'DE' : 'CH' }
      const { billing } = api
      await billing.details.update.mutate({ accountId, address })
      const isOnce = combination.discount === '50 % once'
      const { checkoutUrl } = await billing.subscriptions.subscribe.mutate({
        accountId,
        planCode: codeOf(combination, PLANS[combination.kind][0]),
        ...(discount && !isOnce && { promotionCode: discount.code }),
      })
      const { location } = await payOnPage(checkoutUrl)
      expect(location).not.toBeNull()
      const current = await until('access', async () => {
        const live = await billing.subscriptions.current.query({ accountId })
        return live?.hasAccess && live
      })
      // A purchase would use it up.
      if (discount && isOnce) {
        await admin.admin.subscriptions.applyDiscount.mutate({ id: current.id, discountId: discount.id })
      }
      return { combination, accountId, customer: await customerOf(app, accountId), billing }
    }

    async function change({ combination, accountId, customer, billing }: Buyer): Promise<Charged> {
      const { balance, currency, kind } = combination
      if (balance !== 0) {
        await stripeClient(app).customers.createBalanceTransaction(customer, { amount: balance, currency })
      }
      const before = await ledgerOf(app, customer)
      const planCode = codeOf(combination, PLANS[kind][1])
      const preview = await billing.subscriptions.previewChange.query({ accountId, planCode })
      const { prorationDate, dueNowCents, creditCents, subtotalCents, discountCents, taxCents } = preview
      await billing.subscriptions.change.mutate({ accountId, planCode, prorationDate })
      await eventsDone(app)
      const after = await ledgerOf(app, customer)
      if (dueNowCents > 0) {
        const [payment] = (await billing.payments.list.query({ accountId })).items
        expect(payment).toMatchObject({ amountCents: dueNowCents, subtotalCents, discountCents, taxCents })
      }
      return {
        ...{ combination, preview, chargedNow: after.charged - before.charged, chargedNext: null },
        // A credit adds to the balance. What was owed there is charged with it.
        creditedNow: creditCents > 0 ? after.credit - before.credit - (after.charged - before.charged) : 0,
      }
    }

    const isMonthly = ({ combination: { kind } }: Buyer) => kind === 'upgrade' || kind === 'downgrade'
    const latestPayment = async ({ accountId, billing }: Buyer) =>
      (await billing.payments.list.query({ accountId })).items[0]?.amountCents ?? null

    /** Ends what is charged every month, so that a year passes quickly. */
    async function end({ customer }: Buyer): Promise<void> {
      const stripe = stripeClient(app)
      for (const { id } of (await stripe.subscriptions.list({ customer })).data) await stripe.subscriptions.cancel(id)
    }

    test(
      `in ${count} combinations of plan change, seats, discount, tax, balance and currency`,
      { timeout: 900_000 },
      async () => {
        const buyers: Buyer[] = []
        for (const combination of combinations(count)) buyers.push(await aBuyer(combination))
        await advance(app, { days: 10 })
        const made: { buyer: Buyer; charged: Charged }[] = []
        for (const buyer of buyers) made.push({ buyer, charged: await change(buyer) })
        await advance(app, { days: 32 })
        for (const { buyer, charged } of made.filter((each) => isMonthly(each.buyer))) {
          charged.chargedNext = await latestPayment(buyer)
          await end(buyer)
        }
        // The yearly ones of the start end after 365 days, and those that were changed to ten days later.
        await advance(app, { days: 335 })
        for (const { buyer, charged } of made.filter((each) => !isMonthly(each.buyer))) {
          charged.chargedNext = await latestPayment(buyer)
        }
        const all = made.map(({ charged }) => charged)
        print(all)
        expect(all.map(said)).toEqual(all.map(done))
      },
    )
  })
}

const said = ({ combination, preview }: Charged) => ({
  ...combination,
  ...{ now: preview.dueNowCents, credit: preview.creditCents },
  next: preview.nextPaymentCents,
})

const done = ({ combination, chargedNow, creditedNow, chargedNext }: Charged) => ({
  ...combination,
  ...{ now: chargedNow, credit: creditedNow, next: chargedNext },
})
