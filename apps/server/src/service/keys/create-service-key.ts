import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import type { Scope } from '../../platform/scope.ts'
import { ServiceKey } from '../service-key.entity.ts'
import type { CreatedServiceKey, CreateServiceKeyInput } from '../service.schemas.ts'
import { hashOf, newKey, startOf } from './key-text.ts'
import { serviceKeyView } from './service-key-view.ts'

/**
 * Makes a service key. Only this answer has the key itself.
 *
 * @throws {InvalidInput} for an `expiresAt` that is not in the future.
 */
export async function createServiceKey(
  scope: Scope,
  actor: AuditActor,
  {
    name,
    scopes,
    expiresAt = null,
  }: Omit<CreateServiceKeyInput, 'expiresAt'> & { expiresAt?: Date | null | undefined },
): Promise<CreatedServiceKey> {
  const createdAt = scope.clock.now()
  if (expiresAt && expiresAt <= createdAt) throw new InvalidInput({ expiresAt: 'must be in the future' })
  const key = newKey()
  const created = await scope.em.transactional(async (em) => {
    const row = em.create(ServiceKey, {
      ...{ name, scopes, start: startOf(key), hash: hashOf(key), createdAt },
      ...{ expiresAt, revokedAt: null, lastUsedAt: null },
    })
    await em.flush()
    recordAudit({ ...scope, em }, actor, {
      ...{ action: 'service_key.create', targetType: 'service_key', targetId: row.id },
      ...{ before: null, after: { name, scopes, expiresAt } },
    })
    return row
  })
  return { ...serviceKeyView(created), key }
}
