import { LockMode } from '@mikro-orm/core'
import { AccountNotFound, isAccountOpen } from '../../accounts/index.ts'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { requireRevision } from '../../platform/revision.ts'
import type { BillingScope } from '../billing-scope.ts'
import { EntitlementOverride } from '../entitlement-override.entity.ts'
import type { OverrideInput, OverrideView } from '../feature.schemas.ts'
import { overrideFacts, overrideView } from './override-view.ts'
import { restartOverage } from './restart-overage.ts'

/**
 * Allows an account a feature or denies it, whatever its plan says. It replaces the account's earlier override of the
 * feature.
 *
 * @throws {AccountNotFound} also for a closed account
 * @throws {RevisionStale} if the override has changed since the caller read it
 * @throws {InvalidInput} if `until` has passed, in billing time
 */
export async function setOverride(
  { em, clock, billing }: BillingScope,
  actor: AuditActor,
  input: OverrideInput,
): Promise<OverrideView> {
  const { accountId, feature, value, until, reason } = input
  const billingNow = await billing.time.now()
  if (until && until <= billingNow) throw new InvalidInput({ until: 'must be in the future' })
  return em.transactional(async (em) => {
    if (!(await isAccountOpen(em, accountId))) throw new AccountNotFound()
    const where = { account: accountId, feature }
    // Two admins at once: the second waits for the first.
    await em.execute('select 1 from accounts where id = ? for no key update', [accountId])
    const known = await em.findOne(EntitlementOverride, where, { lockMode: LockMode.PESSIMISTIC_WRITE })
    const before = known && overrideFacts(known, billingNow)
    requireRevision(input.revision, before && overrideView(before).revision)
    const now = clock.now()
    const isOverridden = before?.isCurrent ?? false
    await restartOverage(em, { accountId, feature, isOverridden, billingNow, wallNow: now })
    const terms = { value, until, reason, createdAt: now }
    const override = known
      ? em.assign(known, terms)
      : em.create(EntitlementOverride, { id: newId(), ...where, ...terms })
    await em.flush()
    const after = overrideFacts(override, billingNow)
    const of = { action: 'entitlement.override', targetType: 'account', targetId: accountId }
    recordAudit({ em, clock }, actor, { ...of, before, after })
    return overrideView(after)
  })
}
