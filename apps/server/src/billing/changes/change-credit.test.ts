import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstOf } from '../../../test/long.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, advanceTo, eventsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { chargeOf, controlStripe, failCharges, ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { MINUTE } from '../../platform/durations.ts'

const YEAR = 19_000
const VIP = 4_900

describe('the credit of a change in place', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await createTestApp()
    await aPlan(app, { code: 'pro-year', priceCents: YEAR, billingPeriod: 'yearly' })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const aPayer = async () => {
    const user = await aPayingUser(app, 'pro-year')
    const { subscriptions } = (await app.as(user)).api.billing
    const { id: charge } = await chargeOf(app, user.stripeCustomerId)
    return { customer: user.stripeCustomerId, charge, subscriptions }
  }
  const change = async ({ subscriptions }: Awaited<ReturnType<typeof aPayer>>) => {
    const { prorationDate, ...shown } = await subscriptions.previewChange.query({ planCode: 'vip' })
    const changed = await subscriptions.change.mutate({ planCode: 'vip', prorationDate })
    expect(changed).toMatchObject({ status: 'active', plan: { code: 'vip' } })
    expect(Math.abs(changed.currentPeriodEnd.getTime() - shown.nextPaymentAt.getTime())).toBeLessThan(MINUTE)
    return shown
  }

  // First, while the sandbox has no other customer whose renewals it must make.
  test('is refused while a renewal is not paid yet', async () => {
    const payer = await aPayer()
    const renewal = (await payer.subscriptions.current.query())?.currentPeriodEnd ?? new Date()
    await advanceTo(app, after(renewal, 10 * MINUTE))
    const due = refusal('CONFLICT', 'PAYMENT_DUE')
    await expect(payer.subscriptions.previewChange.query({ planCode: 'vip' })).rejects.toMatchObject(due)
    await expect(payer.subscriptions.change.mutate({ planCode: 'vip' })).rejects.toMatchObject(due)
    await advance(app, { hours: 2 })
    const { creditCents } = await change(payer)
    expect(creditCents).toBeGreaterThan(YEAR - VIP - 20)
    expect(await ledgerOf(app, payer.customer)).toMatchObject({ charged: 2 * YEAR, credit: creditCents })
  })

  test.each(
    firstOf(1, [
      ['refunded by half', YEAR / 2, YEAR / 2],
      ['refunded in full', YEAR, 0],
    ]),
  )('is what was kept of a period that was %s, and the new period is charged in full', async (_how, amount, credit) => {
    const payer = await aPayer()
    await stripeClient(app).refunds.create({ charge: payer.charge, amount })
    await eventsDone(app)
    const shown = await change(payer)
    expect(shown).toMatchObject({ dueNowCents: VIP, nextPaymentCents: Math.max(0, VIP - shown.creditCents) })
    expect(Math.abs(shown.creditCents - credit)).toBeLessThan(2)
    expect(await ledgerOf(app, payer.customer)).toMatchObject({ charged: YEAR + VIP, credit: shown.creditCents })

    // The new period was paid in full, so the next change credits all of its unused time.
    await aPlan(app, { code: `next-${amount}`, priceCents: 9_900, tier: 'vip' })
    await payer.subscriptions.change.mutate({ planCode: `next-${amount}` })
    const { charged, credit: left } = await ledgerOf(app, payer.customer)
    expect(Math.abs(charged - left - (YEAR + 9_900 - shown.creditCents))).toBeLessThan(5)
  })

  test('is nothing when the payment is disputed', async () => {
    const payer = await aPayer()
    await controlStripe(app, 'POST', `charges/${payer.charge}/dispute`)
    await eventsDone(app)
    expect(await change(payer)).toMatchObject({ dueNowCents: VIP, creditCents: 0, nextPaymentCents: VIP })
    expect(await ledgerOf(app, payer.customer)).toMatchObject({ charged: YEAR + VIP, credit: 0 })
  })

  test('is not given when the change can not be paid', async () => {
    const payer = await aPayer()
    await stripeClient(app).refunds.create({ charge: payer.charge, amount: YEAR / 2 })
    await failCharges(app, payer.customer, true)
    await expect(payer.subscriptions.change.mutate({ planCode: 'vip' })).rejects.toMatchObject({
      data: { reason: 'PAYMENT_FAILED' },
    })
    expect(await payer.subscriptions.current.query()).toMatchObject({ plan: { code: 'pro-year' } })
    expect(await ledgerOf(app, payer.customer)).toMatchObject({ charged: YEAR, credit: 0 })
  })
})
