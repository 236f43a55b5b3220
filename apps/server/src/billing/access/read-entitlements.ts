import { AccountNotFound } from '../../accounts/index.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { EntitlementsView } from '../feature.schemas.ts'
import { entitlementsOfRow, selectEntitlements, windowStarts, type EntitlementsRow } from './entitlements-row.ts'

const READ = { name: 'read-entitlements', text: `select ${selectEntitlements('account.id = $1')}` }

/**
 * Reads what an account may use now, feature by feature, with one statement.
 *
 * An override wins over the plan. Without access, the features of the free plan hold.
 *
 * @throws {AccountNotFound} also for a closed account
 */
export async function readEntitlements(
  scope: Pick<BillingScope, 'em' | 'clock' | 'billing'>,
  account: { accountId: string },
): Promise<EntitlementsView> {
  return (await readWithTerms(scope, account)).view
}

/**
 * The same, with the terms of each feature.
 *
 * @throws {AccountNotFound} also for a closed account
 */
export async function readWithTerms(
  { em, clock, billing }: Pick<BillingScope, 'em' | 'clock' | 'billing'>,
  { accountId }: { accountId: string },
): Promise<ReturnType<typeof entitlementsOfRow>> {
  const billingNow = await billing.time.now()
  const values = [accountId, billingNow, clock.now(), ...windowStarts(billingNow)]
  const [row] = await runPrepared<EntitlementsRow>(em, READ, values)
  if (!row) throw new AccountNotFound()
  return entitlementsOfRow(row, billingNow, billing)
}
