import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import type { ServiceScope } from '../platform/service-scopes.schemas.ts'

/**
 * A key of another program. The key itself is not kept.
 *
 * @see docs/decisions/0045-service-keys.md
 */
const ServiceKeySchema = defineEntity({
  name: 'ServiceKey',
  tableName: 'service_keys',
  uniques: [{ name: 'service_keys_hash', properties: ['hash'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    name: p.string().length(100),
    /** How the key begins, so that people can tell which one they have found. */
    start: p.string().length(16),
    /** SHA-256 of the key, in base64url. */
    hash: p.string().length(43).lazy().hidden(),
    scopes: p.json<ServiceScope[]>(),
    createdAt: p.datetime(6),
    expiresAt: p.datetime(6).nullable(),
    revokedAt: p.datetime(6).nullable(),
    /** Written at most once a minute. */
    lastUsedAt: p.datetime(6).nullable(),
  },
})

export class ServiceKey extends ServiceKeySchema.class {}
ServiceKeySchema.setClass(ServiceKey)
