import * as fc from 'fast-check'
import type Stripe from 'stripe'
import { MembersChanged } from '../../../src/accounts/index.ts'
import { reconcile } from '../../../src/billing/index.ts'
import { payOnPage } from '../../pay.ts'
import { aPlan } from '../../plans.ts'
import { reasonOf } from '../../rejection.ts'
import { failCharges, stripeClient } from '../../stripe.ts'
import type { Team } from '../../teams.ts'
import { aTeam, customerOf } from '../../teams.ts'
import type { TestUser } from '../../test-app.ts'
import { openStage, type Stage } from '../recording.ts'
import type { Fate } from '../relay.ts'
import { expectedMoney, historyOf, invoicedTo } from './expected-money.ts'

const PLANS = {
  crew: { priceCents: 2_000, tier: 'pro', seats: { included: 2, perSeatCents: 500, max: null } },
  squad: { priceCents: 4_300, tier: 'vip', seats: { included: 3, perSeatCents: 799, max: null } },
  solid: { priceCents: 6_100, tier: 'vip', seats: { included: 8, perSeatCents: null, max: null } },
} as const
type PlanCode = keyof typeof PLANS
const CODES = Object.keys(PLANS) as PlanCode[]

const ACTS = [
  ...['join', 'join', 'leave', 'leave', 'role', 'role'],
  ...['plan', 'days', 'days', 'decline', 'accept', 'dashboard', 'strike'],
] as const

interface PlannedStep {
  act: (typeof ACTS)[number]
  numbers: readonly number[]
  /** Whether the worker runs afterwards, and how many jobs at once. Without it, jobs pile up. */
  works: number
}

export interface TeamCase {
  first: PlanCode
  members: number
  steps: readonly PlannedStep[]
  /** The fate of each webhook call, in order. The list repeats. */
  fates: readonly Fate[]
}

export function teamCase(): fc.Arbitrary<TeamCase> {
  return fc.record({
    first: fc.constantFrom(...CODES),
    members: fc.integer({ min: 1, max: 5 }),
    steps: fc.array(
      fc.record({
        act: fc.constantFrom(...ACTS),
        numbers: fc.array(fc.nat(9_999), { minLength: 3, maxLength: 3 }),
        works: fc.constantFrom(0, 0, 1, 3),
      }),
      { minLength: 6, maxLength: 12 },
    ),
    fates: fc.array(fc.constantFrom<Fate[]>('delivered', 'delivered', 'swallowed', 'answer lost'), {
      minLength: 1,
      maxLength: 20,
    }),
  })
}

export interface TeamStage extends Stage {
  stripe: Stripe
  /** People who join and leave. */
  people: readonly TestUser[]
}

export async function openTeamStage(): Promise<TeamStage> {
  const stage = await openStage()
  const { app } = stage.faulty
  for (const code of CODES) await aPlan(app, { code, ...PLANS[code] })
  const people = await Promise.all(Array.from({ length: 7 }, () => app.aUser()))
  return { ...stage, stripe: stripeClient(app), people }
}

interface Life {
  stage: TeamStage
  team: Team
  story: string[]
  wrongs: string[]
}

export async function liveAsTeam(stage: TeamStage, told: TeamCase): Promise<{ story: string[]; wrongs: string[] }> {
  const { app, worker } = stage.faulty
  const team = await aTeam(app, 1)
  const life: Life = { stage, team, story: [], wrongs: [] }
  for (const person of stage.people.slice(0, told.members - 1)) await joins(life, person, false)
  stage.relay.fate = 'delivered'
  const { checkoutUrl, sessionId } = await team.subscriptions.subscribe.mutate({
    ...{ accountId: team.id, planCode: told.first },
  })
  await payOnPage(checkoutUrl)
  await team.subscriptions.sync.mutate({ accountId: team.id, sessionId })
  tell(life, `buys ${told.first} for ${told.members}`)

  stage.relay.fate = cycle(told.fates)
  for (const { act, numbers, works } of told.steps) {
    await carryOut(life, act, numbers)
    await app.stripe.drained(20_000)
    if (works > 0) await worker.workOff({ sideBySide: works })
  }
  await comeToRest(life)
  await judge(life)
  await leaveStage(life)
  return life
}

async function carryOut(life: Life, act: PlannedStep['act'], numbers: readonly number[]): Promise<void> {
  const { stage, team } = life
  const { app } = stage.faulty
  const [first = 0, second = 0] = numbers
  const members = await membersOf(life)
  const others = members.filter(({ isFirst }) => !isFirst)
  switch (act) {
    case 'join': {
      const outside = stage.people.filter(({ id }) => !members.some((member) => member.id === id))
      for (const person of outside.slice(0, 1 + (first % 3))) await joins(life, person, second % 4 > 0)
      return
    }
    case 'leave': {
      for (const { id: userId } of others.slice(0, 1 + (first % 3))) {
        const outcome = await reasonOf(team.api.accounts.members.remove.mutate({ accountId: team.id, userId }))
        tell(life, `removes a member: ${outcome}`)
      }
      return
    }
    case 'role': {
      const roles = ['owner', 'admin', 'billing', 'member'] as const
      const { id: userId } = members[first % members.length] ?? { id: '' }
      const role = roles[second % 4] ?? 'member'
      const isFirst = members.find(({ id }) => id === userId)?.isFirst
      // The first owner goes on acting in this test, so they only try to step down as the last one.
      if (isFirst && members.filter((member) => member.role === 'owner').length > 1) return
      const outcome = await reasonOf(team.api.accounts.members.setRole.mutate({ accountId: team.id, userId, role }))
      tell(life, `makes ${isFirst ? 'the only owner' : 'a member'} ${role}: ${outcome}`)
      if (isFirst && role !== 'owner' && outcome !== 'LAST_OWNER') life.wrongs.push('The last owner stepped down.')
      return
    }
    case 'plan': {
      const planCode = CODES[first % CODES.length] ?? 'crew'
      const outcome = await reasonOf(team.subscriptions.change.mutate({ accountId: team.id, planCode }))
      tell(life, `changes to ${planCode}: ${outcome}`)
      return
    }
    case 'days': {
      const days = 1 + (first % 40)
      await app.stripe.advance({ days })
      tell(life, `${days} days pass`)
      return
    }
    case 'decline':
    case 'accept': {
      await failCharges(app, await customerOf(app, team.id), act === 'decline')
      tell(life, `the card will ${act}`)
      return
    }
    case 'dashboard': {
      const subscription = await liveAtStripe(life)
      const [item] = subscription?.items.data ?? []
      // A plan without seats is left alone: there, the quantity is the operator's.
      if (!subscription || item?.price.billing_scheme !== 'tiered') return
      const quantity = 1 + (first % 12)
      await stage.stripe.subscriptions.update(subscription.id, { items: [{ id: item.id, quantity }] })
      tell(life, `an operator sets the quantity to ${quantity}`)
      return
    }
    case 'strike': {
      await reconcile(app.scope())
      tell(life, 'the reconciler runs')
    }
  }
}

/** A person joins. The job that follows may be lost, as by a restored backup. */
async function joins(life: Life, person: TestUser, isNoted: boolean): Promise<void> {
  const { app } = life.stage.faulty
  const { id: accountId } = life.team
  await app.scope().em.transactional(async (em) => {
    await em.execute("insert into members (account_id, user_id, role, joined_at) values (?, ?, 'member', now())", [
      accountId,
      person.id,
    ])
    if (isNoted) await app.deps.jobs.send(em, MembersChanged, { accountId })
  })
  tell(life, `a person joins${isNoted ? '' : ', and the job is lost'}`)
}

async function comeToRest({ stage }: Life): Promise<void> {
  const { app, worker } = stage.faulty
  stage.relay.fate = 'delivered'
  for (let round = 0; round < 2; round += 1) {
    await worker.workOff()
    await app.stripe.drained(20_000)
    await reconcile(app.scope())
    await worker.workOff()
    await app.stripe.drained(20_000)
  }
}

async function judge(life: Life): Promise<void> {
  const { stage, team, wrongs } = life
  const members = await membersOf(life)
  if (!members.some(({ role }) => role === 'owner')) wrongs.push('There is no owner left.')
  const costs = await costsOf(stage)
  for (const subscription of await allAtStripe(life)) {
    const { cents, slack } = expectedMoney(await historyOf(stage.stripe, subscription.id), costs)
    const invoiced = await invoicedTo(stage.stripe, await customerOf(stage.faulty.app, team.id))
    if (Math.abs(invoiced - cents) > slack) wrongs.push(`Stripe invoiced ${invoiced}, and not ${cents} (±${slack}).`)
  }

  const live = await liveAtStripe(life)
  const row = await team.subscriptions.current.query({ accountId: team.id })
  const [item] = live?.items.data ?? []
  if (!live || !item) {
    if (row) wrongs.push('A subscription that has ended is live here.')
    return
  }
  const isPerSeat = item.price.billing_scheme === 'tiered'
  const quantity = isPerSeat ? members.length : 1
  if (item.quantity !== quantity) wrongs.push(`The quantity at Stripe is ${item.quantity}, and not ${quantity}.`)
  if (row?.quantity !== quantity) wrongs.push(`The quantity here is ${row?.quantity}, and not ${quantity}.`)
  const price = costs(item.price.id, quantity)
  if (row?.priceCents !== price) wrongs.push(`The price here is ${row?.priceCents}, and not ${price}.`)
}

/** What a price charges, by the plan that its product is. */
async function costsOf({ faulty: { database } }: TeamStage) {
  const { rows } = await database.query<{ price: string; code: PlanCode }>(
    `select provider_price_id as price, code from plan_prices join plans on plans.id = plan_id
     where provider_price_id is not null`,
  )
  const codes = new Map(rows.map(({ price, code }) => [price, code]))
  return (priceId: string, quantity: number): number => {
    const { priceCents, seats } = PLANS[codes.get(priceId) ?? 'crew']
    if (seats.perSeatCents === null) return priceCents * quantity
    return priceCents + seats.perSeatCents * Math.max(0, quantity - seats.included)
  }
}

async function membersOf({ stage, team }: Life) {
  const { rows } = await stage.faulty.database.query<{ id: string; role: string; isFirst: boolean }>(
    `select user_id as id, role, row_number() over (order by joined_at, user_id) = 1 as "isFirst"
     from members where account_id = $1 order by joined_at, user_id`,
    [team.id],
  )
  return rows
}

async function allAtStripe({ stage, team }: Life): Promise<Stripe.Subscription[]> {
  const customer = await customerOf(stage.faulty.app, team.id)
  return (await stage.stripe.subscriptions.list({ customer, status: 'all' })).data
}

async function liveAtStripe(life: Life): Promise<Stripe.Subscription | undefined> {
  return (await allAtStripe(life)).find(({ status }) => status !== 'canceled' && status !== 'incomplete_expired')
}

/** Ends everything, so that nothing of this case happens in the next one. */
async function leaveStage(life: Life): Promise<void> {
  const { stage } = life
  stage.relay.fate = 'swallowed'
  const live = await liveAtStripe(life)
  if (live) await stage.stripe.subscriptions.cancel(live.id)
  await stage.faulty.app.stripe.drained(20_000)
  await stage.faulty.database.query("update subscriptions set status = 'canceled' where status <> 'canceled'")
}

function tell({ story }: Life, line: string): void {
  story.push(line)
}

function cycle<T>(values: readonly T[]): () => T {
  let next = 0
  return () => values[next++ % values.length] as T
}
