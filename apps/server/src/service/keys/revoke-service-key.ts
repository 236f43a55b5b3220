import { LockMode } from '@mikro-orm/core'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { Scope } from '../../platform/scope.ts'
import { ServiceKey } from '../service-key.entity.ts'
import { ServiceKeyNotFound } from '../service.errors.ts'

/**
 * Revokes a service key, which fails from the next request on. Changes nothing if it is revoked already.
 *
 * @throws {ServiceKeyNotFound}
 */
export async function revokeServiceKey(scope: Scope, actor: AuditActor, { id }: { id: string }): Promise<void> {
  await scope.em.transactional(async (em) => {
    const key = await em.findOne(ServiceKey, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!key) throw new ServiceKeyNotFound()
    if (key.revokedAt) return
    key.revokedAt = scope.clock.now()
    recordAudit({ ...scope, em }, actor, {
      ...{ action: 'service_key.revoke', targetType: 'service_key', targetId: id },
      ...{ before: { name: key.name, scopes: key.scopes }, after: null },
    })
  })
}
