import { accountsEntities } from './accounts/index.ts'
import { adminEntities } from './admin/index.ts'
import { authEntities } from './auth/index.ts'
import { billingEntities } from './billing/index.ts'
import { eventsEntities } from './events/index.ts'
import { mailEntities } from './mail/index.ts'
import { AuditEntry } from './platform/audit/audit.entity.ts'
import { RateLimit } from './platform/limits/rate-limit.entity.ts'
import { serviceEntities } from './service/index.ts'

/** Every table of the server. */
export const entities = [
  ...authEntities,
  ...accountsEntities,
  ...billingEntities,
  ...mailEntities,
  ...adminEntities,
  ...eventsEntities,
  ...serviceEntities,
  AuditEntry,
  RateLimit,
]
