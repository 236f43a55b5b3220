import { expect, test } from 'vitest'
import { PlansFile } from '../plans-file.schemas.ts'
import { comparePlans, type PresentPlan } from './compare-plans.ts'
import { describeStep } from './describe-step.ts'
import { wantedPlans } from './wanted-plans.ts'

const BOTH = new Set(['stripe', 'paymob'] as const)
const MONTHLY = { billingPeriod: 'monthly', currency: 'usd', priceCents: 1_900 } as const
const YEARLY = { billingPeriod: 'yearly', currency: 'usd', priceCents: 19_000 } as const
const POUNDS = { billingPeriod: 'monthly', currency: 'egp', priceCents: 90_000, provider: 'paymob' } as const

const fileWith = (plans: object, rest: object = {}) => PlansFile.parse({ plans, ...rest })
const pro = (of: object = {}) => ({
  ...{ name: 'Pro', tier: 'pro', prices: [MONTHLY, YEARLY, POUNDS] },
  features: { exports: true, projects: { limit: 10, per: 'total' }, calls: { limit: 500, per: 'month' } },
  ...of,
})

/** The plans of a file, as if they had been applied and bought. */
function presentOf(file: PlansFile, subscribers: number, of: Partial<PresentPlan> = {}): PresentPlan[] {
  return wantedPlans(file, BOTH).plans.map((plan) => ({
    ...{ ...plan, id: plan.code, status: 'active', subscribers, revision: 'seen' },
    payers: [{ billingPeriod: 'monthly', currency: 'usd', count: subscribers }],
    ...of,
  }))
}

function difference(before: PlansFile, after: PlansFile, subscribers = 7) {
  const { plans, problems } = wantedPlans(after, BOTH)
  const compared = comparePlans(plans, presentOf(before, subscribers), after.tiers)
  const lines = compared.steps.flatMap((step) => describeStep(step, new Set()))
  const losses = compared.steps.flatMap((step) => step.losses.map(({ name }) => name))
  return { ...compared, problems: { ...problems, ...compared.problems }, lines, losses }
}

test('a file that was applied differs in nothing', () => {
  const file = fileWith({ free: { name: 'Free', tier: 'free', prices: [{ ...MONTHLY, priceCents: 0 }] }, pro: pro() })
  expect(difference(file, file)).toMatchObject({ steps: [], unchanged: 2, problems: {} })
})

test('a difference says what is created, what happens at the providers, and who keeps the old price', () => {
  const before = fileWith({ pro: pro(), old: pro({ name: 'Old' }) })
  const after = fileWith(
    {
      pro: pro({
        name: 'Professional',
        prices: [{ ...MONTHLY, priceCents: 2_100 }, { ...MONTHLY, currency: 'eur' }, POUNDS],
        features: { exports: true, projects: { limit: 20, per: 'total' }, calls: true, seats: true },
      }),
      team: {
        ...{ name: 'Team', tier: 'team', trialDays: 14, seats: { included: 3 } },
        prices: [{ ...MONTHLY, perSeatCents: 500 }],
        features: { exports: true },
      },
    },
    { tiers: { team: 15 } },
  )
  const { lines, losses } = difference(before, after)
  expect(lines).toEqual([
    '~ pro (7 subscribers)',
    '    name: "Pro" -> "Professional"',
    '    feature calls: 500 per month -> yes',
    '    feature projects: 10 in total -> 20 in total',
    '    feature seats: no -> yes',
    '    price: 19.00 USD a month -> 21.00 USD a month; 7 subscribers keep the old one',
    '    price: + 19.00 EUR a month, through Stripe',
    '    price: - 190.00 USD a year is retired',
    '    at Stripe: renames the product, creates 2 prices, archives 2 prices',
    '+ team (new)',
    '    name: Team',
    '    tier: team (rank 15)',
    '    trial: 14 days',
    '    seats: 3 included',
    '    price: 19.00 USD a month plus 5.00 for each further member, through Stripe',
    '    feature exports: yes',
    '    at Stripe: creates a product and 1 price',
    '- old (retired; 7 subscribers keep the plan)',
    '    at Stripe: archives the product and its prices',
    '    at Paymob: nothing',
    '    ! they keep the plan, but it can no longer be bought: needs --allow retire:old',
  ])
  expect(losses).toEqual(['retire:old'])
})

test.each([
  [
    'a removed feature',
    { features: { projects: pro().features.projects, calls: pro().features.calls } },
    'remove-feature:pro:exports',
  ],
  [
    'a limit instead of none',
    { features: { ...pro().features, exports: { limit: 3, per: 'day' } } },
    'lower-limit:pro:exports',
  ],
  ['a lower limit', { features: { ...pro().features, calls: { limit: 499, per: 'month' } } }, 'lower-limit:pro:calls'],
  [
    'a longer period',
    { features: { ...pro().features, calls: { limit: 500, per: 'total' } } },
    'lower-limit:pro:calls',
  ],
  ['a lower tier', { tier: 'free' }, 'lower-tier:pro'],
  ['a limit of members', { seats: { included: 5 } }, 'fewer-seats:pro'],
] as const)('%s takes something from subscribers, and from no one if there are none', (_, change, name) => {
  const [before, after] = [fileWith({ pro: pro() }), fileWith({ pro: pro(change) })]
  expect(difference(before, after).losses).toEqual([name])
  expect(difference(before, after, 0).losses).toEqual([])
  expect(difference(after, before).losses).toEqual([])
})

test('a price for what is above a limit is allowed by name, and so is a limit instead of it', () => {
  const [hard, soft] = [{}, { overage: { unitPriceCents: 2 } }].map((more) =>
    fileWith({ pro: pro({ prices: [MONTHLY], features: { calls: { limit: 500, per: 'period', ...more } } }) }),
  )
  if (!hard || !soft) throw new Error('There are two.')
  const billed = difference(hard, soft)
  expect(billed.losses).toEqual(['charge-overage:pro:calls'])
  expect(billed.lines).toContain(
    '    feature calls: 500 per billing period -> 500 per billing period, then 0.02 USD each',
  )
  expect(difference(soft, hard).losses).toEqual(['lower-limit:pro:calls'])
})

test('a lower limit is a loss even if more can be paid for', () => {
  const [before, after] = [500, 100].map((limit) =>
    fileWith({
      pro: pro({ prices: [MONTHLY], features: { calls: { limit, per: 'period', overage: { unitPriceCents: 2 } } } }),
    }),
  )
  if (!before || !after) throw new Error('There are two.')
  expect(difference(before, after).losses).toEqual(['lower-limit:pro:calls'])
  expect(difference(after, before).losses).toEqual([])
})

test('a difference says that a price is a new one if another price becomes the first', () => {
  const [before, after] = [
    [MONTHLY, YEARLY],
    [YEARLY, MONTHLY],
  ].map((prices) => fileWith({ pro: pro({ prices }) }))
  if (!before || !after) throw new Error('There are two.')
  expect(difference(before, after).lines).toEqual([
    '~ pro (7 subscribers)',
    '    price: 190.00 USD a year as a new price',
    '    price: 19.00 USD a month as a new price; 7 subscribers keep the old one',
    '    at Stripe: creates 2 prices, archives 2 prices',
  ])
})

test.each([
  ['a price', { prices: [{ ...MONTHLY, perSeatcents: 500 }] }],
  ['a feature', { features: { calls: { limit: 5, per: 'period', overge: { unitPriceCents: 2 } } } }],
  ['an overage', { features: { calls: { limit: 5, per: 'period', overage: { unitPriceCents: 2, cap: 9 } } } }],
])('an unknown field of %s is refused', (_, of) => {
  expect(PlansFile.safeParse({ plans: { pro: pro(of) } }).success).toBe(false)
})

test('a lower rank of a tier takes something from those on its plans, also on retired ones', () => {
  const [before, after] = [15, 12].map((rank) => fileWith({ team: pro({ tier: 'team' }) }, { tiers: { team: rank } }))
  if (!before || !after) throw new Error('There are two.')
  expect(difference(before, after)).toMatchObject({ losses: ['lower-tier:team'], unchanged: 1 })
  expect(difference(after, before).losses).toEqual([])
  const retired = presentOf(before, 1, { status: 'retired', code: 'was' })
  expect(comparePlans([], retired, after.tiers).steps).toMatchObject([
    { kind: 'rank', losses: [{ name: 'lower-tier:was' }] },
  ])
})

test('a file that contradicts itself or the present plans is refused by the field', () => {
  const bad = fileWith(
    {
      pro: pro({ features: { exprots: true }, tier: 'gold', prices: [MONTHLY, MONTHLY] }),
      crew: pro({ seats: { included: 3, max: 2 }, features: {} }),
      team: pro({
        prices: [MONTHLY, { ...MONTHLY, currency: 'eur' }],
        features: { exports: { limit: 5, per: 'period', overage: { unitPriceCents: 2 } } },
      }),
      gulf: pro({
        prices: [{ ...MONTHLY, currency: 'kwd' }],
        features: { exports: { limit: 5, per: 'period', overage: { unitPriceCents: 5 } } },
      }),
    },
    { features: ['exports'], tiers: { team: 10, vip: 3 } },
  )
  expect(wantedPlans(bad, new Set(['stripe'] as const)).problems).toEqual({
    'tiers.team': 'must differ from the rank of pro',
    'tiers.vip': 'must be left out: this tier is always there, with its own rank',
    'plans.pro.tier': 'must be one of team, vip, free, pro',
    'plans.pro.features.exprots': 'is not among the features',
    'plans.pro.prices.1.billingPeriod': 'is there twice: monthly in usd',
    'plans.crew.seats.max': 'must be left out without perSeatCents of the prices',
    'plans.crew.prices.2.provider': 'Paymob is not set up here',
    'plans.team.features.exports.overage': 'needs a plan that is sold in one currency',
    'plans.gulf.features.exports.overage.unitPriceCents': 'must be a multiple of 10 in kwd, or have decimals',
  })
})

test('a retired plan does not come back, and the provider of the first price never changes', () => {
  const file = fileWith({ pro: pro() })
  const { plans } = wantedPlans(file, BOTH)
  expect(comparePlans(plans, presentOf(file, 0, { status: 'retired' }), {}).problems).toEqual({
    'plans.pro': 'is retired for good; choose another code',
  })
  const moved = fileWith({ pro: pro({ prices: [POUNDS, MONTHLY] }) })
  expect(difference(file, moved).problems).toEqual({
    'plans.pro.prices.0.provider': 'must be stripe, which never changes for the first price',
  })
})
