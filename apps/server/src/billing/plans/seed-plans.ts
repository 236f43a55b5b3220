import { newId } from '../../platform/database/ids.ts'
import type { Scope } from '../../platform/scope.ts'

const SEEDS = [
  {
    code: 'free',
    name: 'Free',
    description: 'Everything you need to try it out. No card is needed.',
    sortOrder: 10,
    highlighted: false,
    priceCents: 0,
    tier: 'free',
  },
  {
    code: 'pro',
    name: 'Pro',
    description: 'For professionals who rely on it every day. All features, and a spreadsheet of your payments.',
    sortOrder: 20,
    highlighted: true,
    priceCents: 1_900,
    tier: 'pro',
  },
  {
    code: 'vip',
    name: 'VIP',
    description: 'For those who need the most. Everything in Pro, higher limits, and priority support.',
    sortOrder: 30,
    highlighted: false,
    priceCents: 4_900,
    tier: 'vip',
  },
] as const

/**
 * Inserts the first three plans, except those whose code is taken. Their objects at the payment provider are created
 * when they are first needed.
 *
 * @returns the codes of the inserted plans
 */
export async function seedPlans({ em, clock }: Pick<Scope, 'em' | 'clock'>): Promise<string[]> {
  const added: string[] = []
  for (const { code, name, description, sortOrder, highlighted, priceCents, tier } of SEEDS) {
    const now = clock.now()
    const inserted = await em.execute<unknown[]>(
      `insert into plans (id, code, name, description, sort_order, highlighted, price_cents, currency, billing_period,
         tier, status, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?, 'usd', 'monthly', ?, 'active', ?, ?) on conflict (code) do nothing returning id`,
      [newId(), code, name, description, sortOrder, highlighted, priceCents, tier, now, now],
    )
    if (inserted.length > 0) added.push(code)
  }
  return added
}
