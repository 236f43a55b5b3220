import { formatAmount } from '../../platform/money.ts'
import type { Offer } from '../plan.entity.ts'
import { PROVIDER_LABELS } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { allowedBy, providersOf, type PlanStep, type PriceChange } from './compare-plans.ts'
import { describeFeature } from './losses.ts'
import type { WantedPlan } from './wanted-plans.ts'

/** What a step does, for people: a headline, what changes, what happens at the providers, and what it takes away. */
export function describeStep(step: PlanStep, allowed: ReadonlySet<string>): string[] {
  return [...describe(step), ...step.losses.map((loss) => `    ! ${loss.text}: ${permission(loss.name, allowed)}`)]
}

const permission = (name: string, allowed: ReadonlySet<string>) =>
  allowed.has(name) ? `allowed (${name})` : `needs --allow ${name}`

function describe(step: PlanStep): string[] {
  switch (step.kind) {
    case 'rank':
      return [`~ tier ${step.tier}`, `    rank: ${step.before} -> ${step.after}`]
    case 'create':
      return [`+ ${step.code} (new)`, ...describeNew(step.plan)]
    case 'retire':
      return [
        `- ${step.code} (retired${step.before.subscribers > 0 ? `; ${people(step.before.subscribers)} the plan` : ''})`,
        ...providersOf(step.before.sold.offers).map((provider) =>
          at(provider, hasProducts(provider) ? 'archives the product and its prices' : 'nothing'),
        ),
      ]
    case 'update':
      return [`~ ${step.code} (${count(step.before.subscribers, 'subscriber')})`, ...describeUpdate(step)]
  }
}

function describeNew({ terms, sold, rank }: WantedPlan): string[] {
  const { name, tier, trialDays, features } = terms
  return [
    `    name: ${name}`,
    `    tier: ${tier} (rank ${rank})`,
    ...(trialDays > 0 ? [`    trial: ${count(trialDays, 'day')}`] : []),
    ...(sold.seats ? [`    seats: ${describeSeats(sold.seats)}`] : []),
    ...sold.offers.map((offer) => `    price: ${describeOffer(offer)}, through ${PROVIDER_LABELS[offer.provider]}`),
    ...Object.entries(features).map(
      ([feature, value]) => `    feature ${feature}: ${describeFeature(value, sold.offers[0].currency)}`,
    ),
    ...providersOf(sold.offers).map((provider) => {
      const prices = sold.offers.filter((offer) => offer.provider === provider)
      return at(provider, `${hasProducts(provider) ? 'creates a product and ' : 'creates '}${createdPrices(prices)}`)
    }),
  ]
}

function describeUpdate({ before, after, changed, prices }: Extract<PlanStep, { kind: 'update' }>): string[] {
  const lines = changed.flatMap((name) => {
    if (name !== 'features') return [`    ${name}: ${shown(before.terms[name])} -> ${shown(after.terms[name])}`]
    const names = new Set([...Object.keys(before.terms.features), ...Object.keys(after.terms.features)])
    return [...names].toSorted().flatMap((feature) => {
      const [from, to] = [before, after].map((plan) => {
        const allowed = allowedBy(plan)
        return describeFeature(allowed.features[feature], allowed.currency)
      })
      return from === to ? [] : [`    feature ${feature}: ${from} -> ${to}`]
    })
  })
  const [from, to] = [before.sold.seats, after.sold.seats].map(describeSeats)
  return [
    ...lines,
    ...(from === to ? [] : [`    seats: ${from} -> ${to}`]),
    ...prices.map(describePrice),
    ...atProviders({ before, after, changed, prices }),
  ]
}

function describePrice(change: PriceChange): string {
  switch (change.kind) {
    case 'added':
      return `    price: + ${describeOffer(change.after)}, through ${PROVIDER_LABELS[change.after.provider]}`
    case 'replaced': {
      const { before, after, kept } = change
      const [from, to] = [before, after].map(describeOffer)
      const through = before.provider === after.provider ? '' : `, through ${PROVIDER_LABELS[after.provider]}`
      const what = from === to && !through ? `${from} as a new price` : `${from} -> ${to}${through}`
      return `    price: ${what}${kept > 0 ? `; ${people(kept)} the old one` : ''}`
    }
    case 'retired':
      return `    price: - ${describeOffer(change.before)} is retired${change.kept > 0 ? `; ${people(change.kept)} it` : ''}`
  }
}

function atProviders({
  before,
  changed,
  prices,
}: Pick<Extract<PlanStep, { kind: 'update' }>, 'before' | 'after' | 'changed' | 'prices'>): string[] {
  const made = prices.flatMap((change) => (change.kind === 'retired' ? [] : change.after))
  const archived = prices.flatMap((change) => (change.kind === 'added' ? [] : change.before))
  const involved = providersOf([...made, ...archived, ...(changed.includes('name') ? before.sold.offers : [])])
  return involved.flatMap((provider) => {
    const mine = (offers: readonly Offer[]) => offers.filter((offer) => offer.provider === provider)
    const acts = [
      ...(changed.includes('name') && hasProducts(provider) ? ['renames the product'] : []),
      ...(mine(made).length > 0 ? [`creates ${createdPrices(mine(made))}`] : []),
      ...(mine(archived).length > 0 && hasProducts(provider)
        ? [`archives ${count(mine(archived).length, 'price')}`]
        : []),
    ]
    return acts.length > 0 ? [at(provider, acts.join(', '))] : []
  })
}

const hasProducts = (provider: Offer['provider']) => CAPABILITIES[provider].products

const at = (provider: Offer['provider'], acts: string) => `    at ${PROVIDER_LABELS[provider]}: ${acts}`
const count = (number: number, word: string) => (number === 1 ? `1 ${word}` : `${number} ${word}s`)
const createdPrices = (offers: readonly Offer[]) => count(offers.length, 'price')
const people = (number: number) => (number === 1 ? '1 subscriber keeps' : `${number} subscribers keep`)

function describeOffer({ priceCents, currency, billingPeriod, perSeatCents }: Offer): string {
  const each = perSeatCents === null ? '' : ` plus ${formatAmount(perSeatCents, currency)} for each further member`
  return `${formatAmount(priceCents, currency)} ${currency.toUpperCase()} a ${billingPeriod === 'yearly' ? 'year' : 'month'}${each}`
}

function describeSeats(seats: WantedPlan['sold']['seats']): string {
  if (!seats) return 'not counted'
  if (seats.perSeatCents === null) return `up to ${seats.included}`
  return seats.max === null ? `${seats.included} included` : `${seats.included} included, up to ${seats.max}`
}

const shown = (value: unknown): string => (value === null ? 'none' : JSON.stringify(value))
