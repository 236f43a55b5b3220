import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember } from '../../../test/organizations.ts'
import { payOnPage } from '../../../test/pay.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { calm, failCharges, failNext, ledgerOf, stripeClient } from '../../../test/stripe.ts'
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
import { reconcile } from '../upkeep/reconcile.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp()
  await aPlan(app, CREW)
})
afterAll(() => app[Symbol.asyncDispose]())

const current = async ({ id, subscriptions }: Team) => subscriptions.current.query({ accountId: id })
const setAtStripe = async (team: Team, quantity: number) => {
  const { id, items } = await atStripe(app, team)
  await stripeClient(app).subscriptions.update(id, { items: [{ id: items.data[0]?.id ?? '', quantity }] })
}
const chargedTo = async (team: Team) => (await ledgerOf(app, await customerOf(app, team.id))).charged

describe('the quantity at Stripe follows the members of a plan that charges per seat:', () => {
  test('it is bought for all members, as one item with two tiers', async () => {
    const team = await aPayingTeam(app, 5, 'crew')
    const { items } = await atStripe(app, team)
    const [item] = items.data
    expect(items.data).toHaveLength(1)
    expect(item?.quantity).toBe(5)
    const { tiers, tiers_mode } = await stripeClient(app).prices.retrieve(item?.price.id ?? '', { expand: ['tiers'] })
    expect(tiers_mode).toBe('graduated')
    expect(tiers?.map(({ up_to, flat_amount, unit_amount }) => [up_to, flat_amount, unit_amount])).toEqual([
      [3, 2_000, 0],
      [null, null, 500],
    ])
    expect(await current(team)).toMatchObject({ quantity: 5, unitPriceCents: 2_000, priceCents: 3_000 })
    expect(await chargedTo(team)).toBe(3_000)
  })

  test('joining and leaving change it, and charge nothing before the next invoice', async () => {
    const team = await aPayingTeam(app, 3, 'crew')
    await join(app, team, 2)
    expect(await quantityOf(app, team)).toBe(5)
    expect(await current(team)).toMatchObject({ quantity: 5, priceCents: 3_000 })
    await leave(app, team)
    await join(app, team)
    expect(await quantityOf(app, team)).toBe(5)
    expect(await chargedTo(team)).toBe(2_000)
    await advance(app, { days: 32 })
    expect(await chargedTo(team)).toBeGreaterThanOrEqual(2_000 + 3_000)
  })

  test('members who come while the checkout page is open are counted after the payment', async () => {
    const team = await aTeam(app, 3)
    const { checkoutUrl } = await team.subscriptions.subscribe.mutate({ accountId: team.id, planCode: 'crew' })
    await addMember(app, team.id, await app.aUser(), 'member')
    await payOnPage(checkoutUrl)
    await settled(app)
    expect(await quantityOf(app, team)).toBe(4)
    expect(await current(team)).toMatchObject({ quantity: 4, priceCents: 2_500 })
  })

  test('a page for another number of members is not handed out again', async () => {
    const team = await aTeam(app, 3)
    const open = () => team.subscriptions.subscribe.mutate({ accountId: team.id, planCode: 'crew' })
    const first = await open()
    expect(await open()).toEqual(first)
    await addMember(app, team.id, await app.aUser(), 'member')
    expect((await open()).sessionId).not.toBe(first.sessionId)
  })

  test('an edit in the dashboard is put right', async () => {
    const team = await aPayingTeam(app, 4, 'crew')
    await setAtStripe(team, 9)
    await settled(app)
    expect(await quantityOf(app, team)).toBe(4)
    expect(await current(team)).toMatchObject({ quantity: 4, priceCents: 2_500 })
  })

  test('the reconciler finds what a lost job has left', async () => {
    const team = await aPayingTeam(app, 4, 'crew')
    await removeMembers(app, team.id, 2)
    await reconcile(app.scope())
    await settled(app)
    expect(await quantityOf(app, team)).toBe(2)
    expect(await current(team)).toMatchObject({ quantity: 2, priceCents: 2_000 })
  })

  test('members leave while a payment is open, and nothing is charged for them then', async () => {
    const team = await aPayingTeam(app, 5, 'crew')
    await failCharges(app, await customerOf(app, team.id), true)
    await advance(app, { days: 32 })
    expect(await current(team)).toMatchObject({ status: 'past_due' })
    await leave(app, team, 2)
    expect(await quantityOf(app, team)).toBe(3)
    await failCharges(app, await customerOf(app, team.id), false)
  })

  test('a plan without seats keeps the quantity that an operator gave it', async () => {
    const team = await aPayingTeam(app, 3, 'pro')
    await setAtStripe(team, 2)
    await eventsDone(app)
    await failNext(app) // Stripe is not even asked
    await join(app, team)
    await calm(app)
    expect(await quantityOf(app, team)).toBe(2)
  })
})
