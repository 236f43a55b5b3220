import { z } from 'zod'

/** What a service key may do. `admin` includes all others. */
const SERVICE_SCOPES = [
  'introspect',
  'users:read',
  'accounts:read',
  'entitlements:read',
  'usage:write',
  'events:read',
  'admin',
] as const

export const ServiceScope = z.enum(SERVICE_SCOPES, `must be one of ${SERVICE_SCOPES.join(', ')}`)
export type ServiceScope = z.infer<typeof ServiceScope>
