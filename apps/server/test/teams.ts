import type { TollgateClient } from '@tollgate/client'
import type Stripe from 'stripe'
import { syncSeats } from '../src/billing/index.ts'
import { until } from './inbox.ts'
import { addMember, aMember, anOrganization } from './organizations.ts'
import { payOnPage } from './pay.ts'
import { eventsDone, jobsDone } from './progress.ts'
import { stripeSubscriptionOf } from './stripe.ts'
import type { TestApp } from './test-app.ts'

/** An organization, and its owner's client. */
export interface Team {
  id: string
  api: TollgateClient['api']
  subscriptions: TollgateClient['api']['billing']['subscriptions']
}

/** $20 a month for three members, and $5 for each further one. */
export const CREW = { code: 'crew', priceCents: 2_000, seats: { included: 3, perSeatCents: 500, max: 8 } } as const

/** Creates an organization with so many members. */
export async function aTeam(app: TestApp, members: number): Promise<Team> {
  const owner = await aMember(app)
  const { api } = owner
  const { id } = await anOrganization(app, owner)
  for (let count = 1; count < members; count += 1) await addMember(app, id, await app.aUser(), 'member')
  return { id, api, subscriptions: api.billing.subscriptions }
}

/** Buys a plan for a team on the checkout page, and waits for the webhooks. */
async function buyFor(app: TestApp, { id: accountId, subscriptions }: Team, planCode: string): Promise<void> {
  const { checkoutUrl } = await subscriptions.subscribe.mutate({ accountId, planCode })
  await payOnPage(checkoutUrl)
  await until('access', async () => (await subscriptions.current.query({ accountId }))?.hasAccess)
  await settled(app)
}

/** Creates a team that has a plan. */
export async function aPayingTeam(app: TestApp, members: number, planCode: string): Promise<Team> {
  const team = await aTeam(app, members)
  await buyFor(app, team, planCode)
  return team
}

/** Adds a member, or removes one that is no owner. The job that follows has run. */
export async function join(app: TestApp, { id }: Team, count = 1): Promise<void> {
  for (let joined = 0; joined < count; joined += 1) await addMember(app, id, await app.aUser(), 'member')
  await syncSeats(app.scope(), { accountId: id })
  await settled(app)
}

export async function leave(app: TestApp, { id }: Team, count = 1): Promise<void> {
  await removeMembers(app, id, count)
  await syncSeats(app.scope(), { accountId: id })
  await settled(app)
}

/** Removes members that are no owners, and no job follows. */
export async function removeMembers(app: TestApp, accountId: string, count: number): Promise<void> {
  await app.scope().em.execute(
    `delete from members where account_id = ? and user_id in
       (select user_id from members where account_id = ? and role <> 'owner' limit ?)`,
    [accountId, accountId, count],
  )
}

/** Waits until the events and the jobs about seats are done. */
export async function settled(app: TestApp): Promise<void> {
  await eventsDone(app)
  await jobsDone(app, 'members-changed', 'sync-seats')
}

/** A team's newest subscription at Stripe. */
export async function atStripe(app: TestApp, { id }: Team): Promise<Stripe.Subscription> {
  return stripeSubscriptionOf(app, await customerOf(app, id))
}

/** The quantity of a team's plan at Stripe. */
export async function quantityOf(app: TestApp, team: Team): Promise<number | undefined> {
  return (await atStripe(app, team)).items.data[0]?.quantity
}

/** The id of an account's customer at Stripe. */
export async function customerOf(app: TestApp, accountId: string): Promise<string> {
  const [row] = await app
    .scope()
    .em.execute<{ id: string }[]>('select provider_customer_id as id from customers where account_id = ?', [accountId])
  return row?.id ?? ''
}
