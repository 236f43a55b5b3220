import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { addMember } from '../../../test/organizations.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan, planAtStripe, priceIdOf, TEAM } from '../../../test/plans.ts'
import { advance, advanceTo, eventsDone, jobsDone } from '../../../test/progress.ts'
import { refusal } from '../../../test/rejection.ts'
import { ledgerOf, stripeClient } from '../../../test/stripe.ts'
import {
  aPayingTeam,
  aTeam,
  atStripe,
  CREW,
  customerOf,
  join,
  leave,
  quantityOf,
  removeMembers,
  settled,
  type Team,
} from '../../../test/teams.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { MembersChanged } from '../../accounts/index.ts'
import { createSeatSource } from './seat-source.ts'

const SEAT_LIMIT = refusal('CONFLICT', 'SEAT_LIMIT')

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
  await aPlan(app, CREW)
  await aPlan(app, {
    code: 'squad',
    priceCents: 4_000,
    tier: 'vip',
    seats: { included: 2, perSeatCents: 700, max: null },
  })
  await aPlan(app, { code: 'trio', priceCents: 2_500, seats: { included: 3, perSeatCents: null, max: null } })
})
afterAll(() => app[Symbol.asyncDispose]())

const current = async ({ id, subscriptions }: Team) => subscriptions.current.query({ accountId: id })
const preview = async ({ id, subscriptions }: Team, planCode: string) =>
  subscriptions.previewChange.query({ accountId: id, planCode })
const change = async ({ id, subscriptions }: Team, planCode: string, prorationDate?: Date) =>
  subscriptions.change.mutate({ accountId: id, planCode, prorationDate })
const chargedTo = async (team: Team) => (await ledgerOf(app, await customerOf(app, team.id))).charged
const seats = () => createSeatSource(app.deps.billing)

describe('a plan change', () => {
  test('between plans with seats costs what its preview says, for all members', async () => {
    const team = await aPayingTeam(app, 5, 'crew')
    await advance(app, { days: 10 })
    const before = await chargedTo(team)
    const quote = await preview(team, 'squad')
    expect(quote.nextPaymentCents).toBe(4_000 + 3 * 700)
    const changed = await change(team, 'squad', quote.prorationDate)
    expect(changed).toMatchObject({ plan: { code: 'squad' }, quantity: 5, unitPriceCents: 4_000, priceCents: 6_100 })
    expect((await chargedTo(team)) - before).toBe(quote.dueNowCents)
    expect(quote.dueNowCents).toBeGreaterThan(0)
  })

  test('from seats to a plan without them buys that one once, and back again all members', async () => {
    const team = await aPayingTeam(app, 4, 'crew')
    const quote = await preview(team, 'vip')
    expect(quote.nextPaymentCents).toBe(4_900)
    expect(await change(team, 'vip')).toMatchObject({ quantity: 1, priceCents: 4_900 })
    expect(await change(team, 'squad')).toMatchObject({ quantity: 4, priceCents: 5_400 })
    expect(await quantityOf(app, team)).toBe(4)
  })

  test('is an upgrade if it costs more for all members, even from a higher price for one', async () => {
    const team = await aPayingTeam(app, 8, 'squad') // $82 for 8, and $40 for one
    const more = { code: 'flat', priceCents: 6_000, tier: 'vip' } as const
    await aPlan(app, more)
    expect(await change(team, 'flat')).toMatchObject({ scheduledChange: { plan: { code: 'flat' } } })
    await leave(app, team, 4) // $54
    expect(await change(team, 'flat')).toMatchObject({ plan: { code: 'flat' }, quantity: 1, scheduledChange: null })
  })

  test('at the period end has the members of that day in the end', async () => {
    const team = await aPayingTeam(app, 4, 'squad')
    expect(await change(team, 'crew')).toMatchObject({ scheduledChange: { plan: { code: 'crew' } } })
    await join(app, team)
    expect(await current(team)).toMatchObject({ plan: { code: 'squad' }, quantity: 5, priceCents: 6_100 })
    await advance(app, { days: 32 })
    await settled(app)
    expect(await current(team)).toMatchObject({ plan: { code: 'crew' }, quantity: 5, priceCents: 3_000 })
    expect(await quantityOf(app, team)).toBe(5)
  })

  test('in the portal that takes the members along as a quantity is put right', async () => {
    const team = await aPayingTeam(app, 5, 'crew')
    await aPayingTeam(app, 1, 'pro')
    const { id, items } = await atStripe(app, team)
    const pro = { id: items.data[0]?.id ?? '', price: await priceIdOf(app, 'pro'), quantity: 5 }
    await stripeClient(app).subscriptions.update(id, { items: [pro] })
    await settled(app)
    expect(await quantityOf(app, team)).toBe(1)
    expect(await current(team)).toMatchObject({ plan: { code: 'pro' }, quantity: 1, priceCents: 1_900 })
  })

  test('to a plan with fewer seats than members is refused, whichever way it is made', async () => {
    const team = await aTeam(app, 4)
    const of = { accountId: team.id, planCode: 'trio' }
    await expect(team.subscriptions.subscribe.mutate(of)).rejects.toMatchObject(SEAT_LIMIT)
    const paying = await aPayingTeam(app, 4, 'pro')
    await expect(preview(paying, 'trio')).rejects.toMatchObject(SEAT_LIMIT)
    await expect(change(paying, 'trio')).rejects.toMatchObject(SEAT_LIMIT)
    const upgrade = paying.subscriptions.upgrade.mutate({ accountId: paying.id, planCode: 'trio' })
    await expect(upgrade).rejects.toMatchObject(SEAT_LIMIT)
    await removeMembers(app, paying.id, 1)
    expect(await change(paying, 'trio')).toMatchObject({ plan: { code: 'trio' }, quantity: 1, priceCents: 2_500 })
  })
})

describe('what members who have joined cost until the next invoice', () => {
  /** A team that has paid $20, of which two thirds are left, and that has grown to $30 since. */
  const aGrownTeam = async (refunded = 0) => {
    const team = await aPayingTeam(app, 3, 'crew')
    const customer = await customerOf(app, team.id)
    const refund = async (amount: number) => {
      const charge = (await stripeClient(app).charges.list({ customer })).data.find((each) => each.amount === 2_000)
      await stripeClient(app).refunds.create({ charge: charge?.id ?? '', amount })
      await eventsDone(app)
      await jobsDone(app, 'cancel-superseded')
    }
    if (refunded > 0) await refund(refunded)
    await advance(app, { days: 10 })
    await join(app, team, 2)
    return { team, refund, ledger: () => ledgerOf(app, customer) }
  }
  const upgrade = async ({ id: accountId, subscriptions }: Team) => {
    const { checkoutUrl } = await subscriptions.upgrade.mutate({ accountId, planCode: 'squad' })
    await payOnPage(checkoutUrl)
    await until('squad', async () => (await subscriptions.current.query({ accountId }))?.plan.code === 'squad')
    await jobsDone(app, 'cancel-superseded')
  }

  test('is charged by a change of plan, and not again by the next payment', async () => {
    const { team, ledger } = await aGrownTeam()
    const quote = await preview(team, 'squad')
    expect(quote).toMatchObject({ nextPaymentCents: 6_100, nextPayment: { subtotalCents: 6_100 } })
    const { charged } = await ledger()
    await change(team, 'squad', quote.prorationDate)
    expect((await ledger()).charged - charged).toBe(quote.dueNowCents)
  })

  test('is not credited by an upgrade on a checkout page, which may be refunded before or after it', async () => {
    const before = await aGrownTeam(1_000)
    await upgrade(before.team)
    const { credit } = await before.ledger()
    expect(credit).toBeGreaterThan(600)
    expect(credit).toBeLessThan(700)

    const after = await aGrownTeam()
    await upgrade(after.team)
    expect((await after.ledger()).credit).toBeGreaterThan(1_250)
    await after.refund(2_000)
    expect((await after.ledger()).credit).toBe(0)
  })

  test('is not credited by a change of a plan that was refunded in part', async () => {
    const { team, ledger } = await aGrownTeam(1_000)
    const { creditCents, dueNowCents, prorationDate } = await preview(team, 'squad')
    // Half of what is left of $30. What the members have cost so far is charged.
    expect(creditCents).toBeLessThan(1_050)
    const before = await ledger()
    await change(team, 'squad', prorationDate)
    const after = await ledger()
    expect([after.charged - before.charged, after.credit - before.credit]).toEqual([dueNowCents, creditCents])
  })
})

describe('an open checkout page', () => {
  test('of a plan that has become too small for the members can no longer be paid', async () => {
    const team = await aTeam(app, 3)
    const of = { accountId: team.id, planCode: 'trio' }
    const { sessionId } = await team.subscriptions.subscribe.mutate(of)
    const statusOf = async () => (await stripeClient(app).checkout.sessions.retrieve(sessionId)).status
    const membersChanged = async () => {
      const [{ em }, { jobs }] = [app.scope(), app.deps]
      await em.transactional(async (inside) => jobs.send(inside, MembersChanged, { accountId: team.id }))
      await settled(app)
    }
    await membersChanged()
    expect(await statusOf()).toBe('open')
    await addMember(app, team.id, await app.aUser(), 'member')
    await membersChanged()
    expect(await statusOf()).toBe('expired')
    await expect(team.subscriptions.subscribe.mutate(of)).rejects.toMatchObject(SEAT_LIMIT)
  })
})

describe('the seats of an account', () => {
  test('is what is included and the limit, the smaller one before a scheduled change', async () => {
    const read = async ({ id }: Team) => seats().readSeats(app.scope(), id)
    expect(await read(await aTeam(app, 1))).toBeNull()
    expect(await read(await aPayingTeam(app, 1, 'pro'))).toBeNull()
    expect(await read(await aPayingTeam(app, 1, 'trio'))).toEqual({ included: 3, max: 3 })
    const team = await aPayingTeam(app, 3, 'squad')
    expect(await read(team)).toEqual({ included: 2, max: null })
    await change(team, 'crew')
    expect(await read(team)).toEqual({ included: 2, max: 8 })
  })

  test('is the next payment with one more member, which Stripe then invoices to the cent', async () => {
    const team = await aPayingTeam(app, 3, 'crew')
    await advance(app, { days: 11 })
    const price = await seats().priceOfOneMore(app.scope(), team.id)
    expect(price).toMatchObject({ dueNowCents: 0, currency: 'usd' })
    const before = await chargedTo(team)
    await join(app, team)
    const { currentPeriodEnd } = (await current(team)) ?? { currentPeriodEnd: new Date() }
    await advanceTo(app, new Date(currentPeriodEnd.getTime() + 2 * 3_600_000))
    expect((await chargedTo(team)) - before).toBe(price?.nextPaymentCents)
    expect(price?.nextPaymentCents).toBeGreaterThan(2_500)
  })

  test('is nothing for a member who is included, and without a plan with a price per seat', async () => {
    expect(await seats().priceOfOneMore(app.scope(), (await aPayingTeam(app, 2, 'crew')).id)).toBeNull()
    expect(await seats().priceOfOneMore(app.scope(), (await aPayingTeam(app, 3, 'trio')).id)).toBeNull()
    expect(await seats().priceOfOneMore(app.scope(), (await aTeam(app, 3)).id)).toBeNull()
  })
})

describe('the terms of seats', () => {
  test('make a new price at Stripe when they change, except a limit; a subscriber keeps what they bought', async () => {
    const { api } = await anAdmin(app)
    const { plans } = api.billing
    const terms = { included: 2, perSeatCents: 300, max: 10 }
    const { id, ...made } = await plans.create.mutate({ code: 'tribe', ...TEAM, seats: terms })
    expect(made).toMatchObject({ seats: terms })
    const team = await aPayingTeam(app, 4, 'tribe')
    const pricesOf = async () => (await planAtStripe(app, id)).prices.length
    expect(await pricesOf()).toBe(1)

    expect(await plans.update.mutate({ id, seats: { ...terms, max: 5 } })).toMatchObject({ seats: { max: 5 } })
    expect(await pricesOf()).toBe(1)
    await plans.update.mutate({ id, seats: { ...terms, included: 1 } })
    await plans.update.mutate({ id, seats: { ...terms, perSeatCents: 400 } })
    expect(await pricesOf()).toBe(3)
    expect(await plans.update.mutate({ id, name: 'Tribe' })).toMatchObject({ seats: { perSeatCents: 400 } })
    expect(await plans.update.mutate({ id, seats: null })).toMatchObject({ seats: null })
    expect((await planAtStripe(app, id)).offered).toEqual([[TEAM.priceCents, 'usd', 'month']])

    await join(app, team)
    expect(await current(team)).toMatchObject({ quantity: 5, priceCents: TEAM.priceCents + 3 * 300 })
  })

  test.each([
    [{ included: 0, perSeatCents: 1, max: null }, 'seats.included'],
    [{ included: 3, perSeatCents: 0, max: null }, 'seats.perSeatCents'],
    [{ included: 3, perSeatCents: 500, max: 2 }, 'seats.max'],
    [{ included: 3, perSeatCents: null, max: 5 }, 'seats.max'],
  ])('%o are refused for their %s', async (wrong, field) => {
    const { api } = await anAdmin(app)
    const create = api.billing.plans.create.mutate({ code: 'bad-seats', ...TEAM, seats: wrong })
    await expect(create).rejects.toMatchObject({ data: { fieldErrors: { [field]: expect.any(String) } } })
  })
})
