import { z } from 'zod'

export const SessionList = z.array(
  z.object({
    id: z.uuid(),
    createdAt: z.date(),
    lastUsedAt: z.date(),
    ip: z.string(),
    userAgent: z.string(),
    current: z.boolean(),
  }),
)
export type SessionList = z.infer<typeof SessionList>

export const RevokeSessionInput = z.object({ id: z.uuid('must be an id').toLowerCase() })
export const RevokeOthersResult = z.object({ revoked: z.int() })
