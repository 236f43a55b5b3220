import type { EntityManager } from '@mikro-orm/postgresql'
import { readWithTerms } from '../access/read-entitlements.ts'
import type { AccountUsage } from '../account-usage.schemas.ts'
import type { BillingScope } from '../billing-scope.ts'
import { EntitlementOverride } from '../entitlement-override.entity.ts'
import { UsageEntry } from '../usage-entry.entity.ts'
import { readLastUses } from './read-last-uses.ts'
import { readReportedOverage } from './read-reported-overage.ts'

/** Maximum number of reservations that are listed. */
const RESERVATIONS = 100

/**
 * Reads what an account has used of every feature, what is reserved, its latest calls, and what is billed above limits.
 *
 * @throws {AccountNotFound} also for a closed account
 */
export async function readAccountUsage(
  scope: Pick<BillingScope, 'em' | 'clock' | 'billing'>,
  { accountId }: { accountId: string },
): Promise<AccountUsage> {
  const { em, clock, billing } = scope
  const { view, terms } = await readWithTerms(scope, { accountId })
  const now = clock.now()
  const billingNow = await billing.time.now()
  const open = { accountId, state: 'open', expiresAt: { $gt: now } } as const
  const reservations = await em.find(UsageEntry, open, { orderBy: { expiresAt: 'asc' }, limit: RESERVATIONS })
  const reservedIn = await readReserved(em, { accountId, now })
  const lastUsed = await readLastUsed(em, accountId)
  const overrides = await em.find(EntitlementOverride, { account: accountId })
  const overridden = new Set(
    overrides.filter(({ until }) => !until || until > billingNow).map(({ feature }) => feature),
  )
  const overage = await readReportedOverage(em, accountId)
  return {
    features: Object.entries(view.features).map(([feature, use]) => {
      const { per = 'total' as const, startsAt, isBilled } = terms.get(feature) ?? {}
      return {
        ...{ feature, ...use, per, reserved: reservedIn.get(`${feature} ${per} ${startsAt?.getTime()}`) ?? 0 },
        lastUsedAt: lastUsed.get(feature) ?? null,
        isOverridden: overridden.has(feature),
        overage: isBilled ? (overage.get(feature) ?? null) : null,
      }
    }),
    reservations: reservations.flatMap(({ id, feature, key, amount, expiresAt, createdAt }) =>
      expiresAt ? { id, feature, key, amount, expiresAt, createdAt } : [],
    ),
    lastUses: await readLastUses(em, accountId),
  }
}

/** By feature and window: a reservation may be of an earlier one. */
async function readReserved(em: EntityManager, { accountId, now }: { accountId: string; now: Date }) {
  const rows = await em.execute<{ counter: string; amount: string }[]>(
    `select concat_ws(' ', feature, per, (extract(epoch from starts_at) * 1000)::bigint) as counter,
       sum(amount) as amount
     from usage_entries where account_id = ? and state = 'open' and expires_at > ? group by 1`,
    [accountId, now],
  )
  return new Map(rows.map(({ counter, amount }) => [counter, Number(amount)]))
}

async function readLastUsed(em: EntityManager, accountId: string) {
  const rows = await em.execute<{ feature: string; at: string }[]>(
    'select feature, max(written_at) as at from usage_counters where account_id = ? group by feature',
    [accountId],
  )
  return new Map(rows.map(({ feature, at }) => [feature, new Date(at)]))
}
