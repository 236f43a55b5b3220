import { newId } from '../../platform/database/ids.ts'
import type { Scope } from '../../platform/scope.ts'

const PRO = {
  name: 'Pro',
  description: 'For professionals who rely on it every day. All features, and a spreadsheet of your payments.',
  highlighted: true,
  tier: 'pro',
}
const VIP = {
  name: 'VIP',
  description: 'For those who need the most. Everything in Pro, higher limits, and priority support.',
  highlighted: false,
  tier: 'vip',
}

const SEEDS = [
  {
    code: 'free',
    name: 'Free',
    description: 'Everything you need to try it out. No card is needed.',
    sortOrder: 10,
    highlighted: false,
    priceCents: 0,
    billingPeriod: 'monthly',
    tier: 'free',
  },
  { ...PRO, code: 'pro', sortOrder: 20, priceCents: 1_900, billingPeriod: 'monthly' },
  { ...PRO, code: 'pro-yearly', sortOrder: 25, priceCents: 19_000, billingPeriod: 'yearly' },
  { ...VIP, code: 'vip', sortOrder: 30, priceCents: 4_900, billingPeriod: 'monthly' },
  { ...VIP, code: 'vip-yearly', sortOrder: 35, priceCents: 49_000, billingPeriod: 'yearly' },
] as const

/**
 * Inserts the first plans, of which two are sold by the month and by the year, except those whose code is taken. Their objects at the payment provider are created
 * when they are first needed.
 *
 * @returns the codes of the inserted plans
 */
export async function seedPlans({ em, clock }: Pick<Scope, 'em' | 'clock'>): Promise<string[]> {
  const added: string[] = []
  for (const { code, name, description, sortOrder, highlighted, priceCents, billingPeriod, tier } of SEEDS) {
    const now = clock.now()
    const inserted = await em.execute<unknown[]>(
      `insert into plans (id, code, name, description, sort_order, highlighted, price_cents, currency, billing_period,
         tier, status, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, 'usd', ?, ?, 'active', ?, ?) on conflict (code) do nothing returning id`,
      [newId(), code, name, description, sortOrder, highlighted, priceCents, billingPeriod, tier, now, now],
    )
    if (inserted.length > 0) added.push(code)
  }
  return added
}
