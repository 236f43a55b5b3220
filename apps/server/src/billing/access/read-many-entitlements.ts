import { runWithin } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { EntitlementsView } from '../feature.schemas.ts'
import {
  entitlementsOfRow,
  selectEntitlements,
  windowStarts,
  type EntitlementsRow,
  type FeatureTerms,
} from './entitlements-row.ts'

interface Row extends EntitlementsRow {
  account_id: string
  overrides_change_at: string | null
}

/** What an account may use, and when that may change although no row does. */
export interface FollowedEntitlements {
  readonly view: EntitlementsView
  readonly terms: ReadonlyMap<string, FeatureTerms>
  /** In billing time; null for never. */
  readonly mayChangeAt: Date | null
}

const READ = {
  name: 'read-many-entitlements',
  text: `select account.id as account_id,
       (select min(o.until) from entitlement_overrides o
        where o.account_id = account.id and o.until > $2) as overrides_change_at,
       ${selectEntitlements('account.id = any($1::uuid[])')}`,
}

/**
 * Reads what each of these accounts may use, in the caller's transaction.
 *
 * @returns by the account's id. Closed and unknown accounts are missing.
 */
export async function readManyEntitlements(
  { em, clock, billing }: Pick<BillingScope, 'em' | 'clock' | 'billing'>,
  { accountIds, billingNow }: { accountIds: readonly string[]; billingNow: Date },
): Promise<Map<string, FollowedEntitlements>> {
  if (accountIds.length === 0) return new Map()
  const rows = await runWithin(em)<Row>(READ, [accountIds, billingNow, clock.now(), ...windowStarts(billingNow)])
  return new Map(
    rows.map((row) => {
      const { view, terms } = entitlementsOfRow(row, billingNow, billing)
      const overridesChangeAt = row.overrides_change_at === null ? null : new Date(row.overrides_change_at)
      return [row.account_id, { view, terms, mayChangeAt: earlier(view.until, overridesChangeAt) }]
    }),
  )
}

const earlier = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other < one) ? other : one
