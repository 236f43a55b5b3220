import { newId } from '../../platform/database/ids.ts'
import type { Scope } from '../../platform/scope.ts'
import type { PlanFeatures } from '../feature.schemas.ts'
import { DEFAULT_PROVIDER, type ProviderName } from '../provider.schemas.ts'

const AT_STRIPE = { provider: 'stripe', currency: 'usd' } as const
/** Paymob serves Egypt and its neighbours. */
const AT_PAYMOB = { provider: 'paymob', currency: 'egp' } as const

const FREE_FEATURES: PlanFeatures = {
  projects: { limit: 3, per: 'total' },
  'api.calls': { limit: 100, per: 'period' },
}
/** A year has the calls of its months. */
const proFeatures = (months: 1 | 12): PlanFeatures => ({
  projects: { limit: 50, per: 'total' },
  'api.calls': { limit: months * 10_000, per: 'period' },
  'exports.csv': true,
})
const vipFeatures = (months: 1 | 12): PlanFeatures => ({
  projects: true,
  'api.calls': { limit: months * 100_000, per: 'period' },
  'exports.csv': true,
})

const PRO = {
  name: 'Pro',
  description: 'For professionals who rely on it every day.\nAll features\nYour payments as a spreadsheet',
  highlighted: true,
  tier: 'pro',
}
const VIP = {
  name: 'VIP',
  description: 'For those who need the most.\nEverything in Pro\nHigher limits\nPriority support',
  highlighted: false,
  tier: 'vip',
}

const SEEDS = [
  {
    ...AT_STRIPE,
    code: 'free',
    name: 'Free',
    description: 'Everything you need to try it out.\nThe basic features\nNo card needed',
    sortOrder: 10,
    highlighted: false,
    priceCents: 0,
    billingPeriod: 'monthly',
    tier: 'free',
    features: FREE_FEATURES,
  },
  {
    ...{ ...AT_STRIPE, ...PRO },
    ...{ code: 'pro', sortOrder: 20, priceCents: 1_900, billingPeriod: 'monthly', features: proFeatures(1) },
  },
  {
    ...{ ...AT_STRIPE, ...PRO },
    ...{ code: 'pro-yearly', sortOrder: 25, priceCents: 19_000, billingPeriod: 'yearly', features: proFeatures(12) },
  },
  {
    ...{ ...AT_STRIPE, ...VIP },
    ...{ code: 'vip', sortOrder: 30, priceCents: 4_900, billingPeriod: 'monthly', features: vipFeatures(1) },
  },
  {
    ...{ ...AT_STRIPE, ...VIP },
    ...{ code: 'vip-yearly', sortOrder: 35, priceCents: 49_000, billingPeriod: 'yearly', features: vipFeatures(12) },
  },
  {
    ...{ ...AT_PAYMOB, ...PRO, highlighted: false },
    ...{ code: 'pro-egp', sortOrder: 40, priceCents: 90_000, billingPeriod: 'monthly', features: proFeatures(1) },
  },
  {
    ...{ ...AT_PAYMOB, ...VIP },
    ...{ code: 'vip-egp', sortOrder: 45, priceCents: 230_000, billingPeriod: 'monthly', features: vipFeatures(1) },
  },
] as const

/**
 * Inserts the first plans, of which two are sold by the month and by the year, except those whose code is taken. Their
 * objects at the payment provider are created when they are first needed.
 *
 * @param providers whose plans to insert.
 * @returns the codes of the inserted plans
 */
export async function seedPlans(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  providers: ReadonlySet<ProviderName> = new Set([DEFAULT_PROVIDER]),
): Promise<string[]> {
  const added: string[] = []
  for (const plan of SEEDS) {
    const {
      code,
      name,
      description,
      sortOrder,
      highlighted,
      priceCents,
      billingPeriod,
      tier,
      features,
      provider,
      currency,
    } = plan
    if (!providers.has(provider)) continue
    const now = clock.now()
    const inserted = await em.execute<unknown[]>(
      `insert into plans (id, code, name, description, sort_order, highlighted, price_cents, currency, billing_period,
         tier, features, provider, status, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?) on conflict (code) do nothing returning id`,
      [
        ...[newId(), code, name, description, sortOrder, highlighted, priceCents, currency, billingPeriod],
        ...[tier, features, provider, now, now],
      ],
    )
    if (inserted.length > 0) added.push(code)
  }
  return added
}
