import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { requireRevision } from '../../platform/revision.ts'
import type { BillingScope } from '../billing-scope.ts'
import { EntitlementOverride } from '../entitlement-override.entity.ts'
import { OverrideNotFound } from '../feature.errors.ts'
import type { OverrideView, RemoveOverrideInput } from '../feature.schemas.ts'
import { overrideFacts, overrideView } from './override-view.ts'
import { restartOverage } from './restart-overage.ts'

/**
 * Removes an override, so that the plan alone says what the account may use.
 *
 * @throws {OverrideNotFound}
 * @throws {RevisionStale} if it has changed since the caller read it
 */
export async function removeOverride(
  { em, clock, billing }: BillingScope,
  actor: AuditActor,
  { accountId, feature, reason, revision }: RemoveOverrideInput,
): Promise<OverrideView> {
  const billingNow = await billing.time.now()
  return em.transactional(async (em) => {
    const where = { account: accountId, feature }
    const override = await em.findOne(EntitlementOverride, where, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!override) throw new OverrideNotFound()
    const before = overrideFacts(override, billingNow)
    requireRevision(revision, overrideView(before).revision)
    const isOverridden = before.isCurrent
    await restartOverage(em, { accountId, feature, isOverridden, billingNow, wallNow: clock.now() })
    em.remove(override)
    const of = { action: 'entitlement.remove_override', targetType: 'account', targetId: accountId }
    recordAudit({ em, clock }, actor, { ...of, before, after: reason === undefined ? null : { reason } })
    return overrideView(before)
  })
}
