import { AccountNotFound } from '../../accounts/index.ts'
import { runHere } from '../../platform/database/prepared.ts'
import type { BillingScope } from '../billing-scope.ts'
import { FeatureNotFound } from '../feature.errors.ts'
import { policyValues, selectFeatureTerms, type FeatureTermsRow } from './feature-terms-sql.ts'

const READ = {
  name: 'read-feature',
  text: selectFeatureTerms({
    ...{ accountId: '$1', feature: '$2', now: '$3', renewalLeeway: '$4', pastDueGrace: '$5' },
  }),
}

/**
 * Reads how much of one feature an account may use, with one statement. {@link readEntitlements} says the same of all.
 *
 * @throws {AccountNotFound} also for a closed account
 * @throws {FeatureNotFound}
 */
export async function readFeature(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  { accountId, feature }: { accountId: string; feature: string },
): Promise<FeatureTermsRow> {
  const values = [accountId, feature, await billing.time.now(), ...policyValues(billing.settings)]
  const [row] = await runHere(em)<FeatureTermsRow>(READ, values)
  if (!row) throw new AccountNotFound()
  if (!row.is_known) throw new FeatureNotFound()
  return row
}
