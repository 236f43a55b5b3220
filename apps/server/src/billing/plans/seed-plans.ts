import { newId } from '../../platform/database/ids.ts'
import type { Scope } from '../../platform/scope.ts'

const SEEDS = [
  { code: 'free', name: 'Free', priceCents: 0, tier: 'free' },
  { code: 'pro', name: 'Pro', priceCents: 1_900, tier: 'pro' },
  { code: 'vip', name: 'VIP', priceCents: 4_900, tier: 'vip' },
] as const

/**
 * Inserts the first three plans, except those whose code is taken. Their objects at the payment provider are created
 * when they are first needed.
 *
 * @returns the codes of the inserted plans
 */
export async function seedPlans({ em, clock }: Pick<Scope, 'em' | 'clock'>): Promise<string[]> {
  const added: string[] = []
  for (const { code, name, priceCents, tier } of SEEDS) {
    const now = clock.now()
    const inserted = await em.execute<unknown[]>(
      `insert into plans (id, code, name, price_cents, currency, billing_period, tier, status, created_at, updated_at)
       values (?, ?, ?, ?, 'usd', 'monthly', ?, 'active', ?, ?) on conflict (code) do nothing returning id`,
      [newId(), code, name, priceCents, tier, now, now],
    )
    if (inserted.length > 0) added.push(code)
  }
  return added
}
