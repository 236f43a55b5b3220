import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { aMember, anOrganization, type TestMember } from '../../../test/organizations.ts'
import { payOnPage } from '../../../test/pay.ts'
import { advance, advanceTo, eventsDone, jobsDone } from '../../../test/progress.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { failCharges, ledgerOf, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { OrganizationClosed } from '../../accounts/index.ts'
import { AccountClosed } from '../../auth/index.ts'
import { after } from '../../platform/clock.ts'
import { SECOND } from '../../platform/durations.ts'

describe('when an account is closed', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  test('the unpaid invoice of an ended subscription is voided', async () => {
    const user = await aPayingUser(app, 'pro')
    const stripe = stripeClient(app)
    const statuses = async () =>
      (await stripe.invoices.list({ customer: user.stripeCustomerId })).data.map(({ status }) => status)
    await failCharges(app, user.stripeCustomerId, true)
    await advance(app, { days: 60 })
    expect((await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data).toEqual([])
    expect(await statuses()).toEqual(['open', 'paid'])

    await (await app.as(user)).api.auth.deactivate.mutate()
    await jobsDone(app, AccountClosed.name)
    expect(await statuses()).toEqual(['void', 'paid'])
  })

  test('a renewal that is collected before Stripe knows is refunded', async () => {
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    const stripe = stripeClient(app)
    await app.stopWorker()
    await api.auth.deactivate.mutate()
    await app.stripe.advance({ days: 32 })
    await app.startWorker()
    await eventsDone(app)
    await jobsDone(app, AccountClosed.name, 'return-late-payment')

    expect(await ledgerOf(app, user.stripeCustomerId)).toMatchObject({ charged: 2 * 1_900, refunded: 1_900, credit: 0 })
    expect((await stripe.subscriptions.list({ customer: user.stripeCustomerId })).data).toEqual([])
    const payments = await app
      .scope()
      .em.execute('select status from payments where user_id = ? order by created_at', [user.id])
    expect(payments).toEqual([{ status: 'succeeded' }, { status: 'refunded' }])
  })

  test.each(
    firstOf(1, [
      ['is deleted', (owner: TestMember, accountId: string) => owner.api.accounts.delete.mutate({ accountId })],
      ['loses its only member, who closes their login', (owner: TestMember) => owner.api.auth.deactivate.mutate()],
    ]),
  )('an organization that %s ends with its paid period', async (_how, close) => {
    const owner = await aMember(app)
    const { id: accountId } = await anOrganization(app, owner)
    const { subscribe, current } = owner.api.billing.subscriptions
    await payOnPage((await subscribe.mutate({ accountId, planCode: 'pro' })).checkoutUrl)
    await until('access', async () => (await current.query({ accountId }))?.hasAccess)
    await eventsDone(app)
    const { em } = app.scope()
    const [customer] = await em.execute<{ id: string }[]>(
      'select provider_customer_id as id from customers where account_id = ?',
      [accountId],
    )
    await close(owner, accountId)
    await jobsDone(app, OrganizationClosed.name)
    const stripe = stripeClient(app)
    const [atStripe] = (await stripe.subscriptions.list({ customer: customer?.id ?? '' })).data
    expect(atStripe).toMatchObject({ status: 'active', cancel_at_period_end: true })
    await advance(app, { days: 70 })
    expect(await ledgerOf(app, customer?.id ?? '')).toMatchObject({ charged: 1_900, refunded: 0 })
    expect((await stripe.subscriptions.list({ customer: customer?.id ?? '' })).data).toEqual([])
  })

  test.each(firstOf(1, ['before', 'after']))(
    'an operator’s second subscription, made %s that, is not renewed',
    async (when) => {
      const [user] = [await aPayingUser(app, 'pro'), await aPayingUser(app, 'vip')]
      const { api } = await app.as(user)
      const stripe = stripeClient(app)
      const customer = user.stripeCustomerId
      const make = async () => {
        const prices = (await stripe.prices.list({ limit: 100 })).data
        const price = prices.find(({ unit_amount, active }) => active && unit_amount === 4_900)?.id ?? ''
        const card = await stripe.paymentMethods.attach('pm_card_visa', { customer })
        await stripe.subscriptions.create({ customer, items: [{ price }], default_payment_method: card.id })
        await eventsDone(app)
      }
      if (when === 'before') await make()
      await api.auth.deactivate.mutate()
      await jobsDone(app, AccountClosed.name)
      if (when === 'after') await make()
      await jobsDone(app, 'end-billing')
      await advance(app, { days: 70 })
      expect(await ledgerOf(app, customer)).toMatchObject({ charged: 1_900 + 4_900, refunded: 0 })
      expect((await stripe.subscriptions.list({ customer })).data).toEqual([])
    },
  )

  test.each(
    firstOf(1, [
      ['has failed', 4_000],
      ['is still a draft', 600],
    ]),
  )('and reopened, the user does not get a period whose payment %s', async (_how, secondsAfterRenewal) => {
    const user = await aPayingUser(app, 'pro')
    const current = await (await app.as(user)).api.billing.subscriptions.current.query()
    await failCharges(app, user.stripeCustomerId, true)
    await advanceTo(app, after(current?.currentPeriodEnd ?? new Date(), secondsAfterRenewal * SECOND))
    await (await app.as(user)).api.auth.deactivate.mutate()
    await jobsDone(app, AccountClosed.name)
    await eventsDone(app)

    const admin = await app.as(await app.aUser({ isAdmin: true }))
    await admin.api.admin.users.update.mutate({ id: user.id, isActive: true })
    const { api } = await app.as(user)
    expect(await api.billing.subscriptions.current.query()).toBeNull()
    expect((await ledgerOf(app, user.stripeCustomerId)).charged).toBe(1_900)
  })
})
