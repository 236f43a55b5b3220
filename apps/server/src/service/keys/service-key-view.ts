import type { ServiceKey } from '../service-key.entity.ts'
import type { ServiceKeyView } from '../service.schemas.ts'

/** What an administrator may see of a key. */
export function serviceKeyView(key: ServiceKey): ServiceKeyView {
  const { id, name, start, scopes, createdAt, expiresAt, revokedAt, lastUsedAt } = key
  return {
    ...{ id, name, start, scopes, createdAt },
    ...{ expiresAt: expiresAt ?? null, revokedAt: revokedAt ?? null, lastUsedAt: lastUsedAt ?? null },
  }
}
