import { AccountNotFound } from '../../accounts/index.ts'
import { explainAccessAt, type ExplainInput, type Explanation } from '../../billing/index.ts'
import { parseDuration } from '../../platform/durations.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readAccountRows } from './account-row.ts'

/**
 * Explains an account's access at a moment.
 *
 * @throws {AccountNotFound}
 */
export async function explainAccount(
  scope: Pick<AdminScope, 'em' | 'billing'>,
  { accountId, at, grace }: ExplainInput,
): Promise<Explanation> {
  const [account] = await readAccountRows(scope.em, [accountId])
  if (!account) throw new AccountNotFound()
  return explainAccessAt(scope, { accountId, at, grace: grace === undefined ? undefined : parseDuration(grace) })
}
