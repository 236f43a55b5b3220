import { z } from 'zod'

const Per = z.enum(['period', 'month', 'day', 'total'])

/** What an account has used, for operators. */
export const AccountUsage = z.object({
  features: z.array(
    z.object({
      feature: z.string(),
      /** Whether at least one more may be used. */
      allowed: z.boolean(),
      /** Null for any amount. */
      limit: z.int().nullable(),
      /** In the present window, with what is reserved. */
      used: z.int(),
      /** How much of `used` is only reserved. */
      reserved: z.int(),
      remaining: z.int().nullable(),
      per: Per,
      /** When `used` begins again at 0; null for never. */
      resetsAt: z.date().nullable(),
      /** When a count of it was last written, in any window; null if it was never counted. */
      lastUsedAt: z.date().nullable(),
      /** Whether an override says so, and not the plan. */
      isOverridden: z.boolean(),
      /** What was reported above the limit in this billing period; null if use stops at the limit. */
      overage: z
        .object({ unitPriceCents: z.number(), currency: z.string(), units: z.int(), amountCents: z.number() })
        .nullable(),
    }),
  ),
  /** What is reserved now, at most 100. What expires first is first. */
  reservations: z.array(
    z.object({
      id: z.uuid(),
      feature: z.string(),
      key: z.string(),
      amount: z.int(),
      expiresAt: z.date(),
      createdAt: z.date(),
    }),
  ),
  /** The latest 20 calls, newest first; null if there are too many to find them in time. */
  lastUses: z
    .array(
      z.object({
        id: z.uuid(),
        feature: z.string(),
        key: z.string(),
        asked: z.int(),
        /** How much of it counts. */
        amount: z.int(),
        state: z.enum(['counted', 'denied', 'open', 'settled', 'returned', 'expired']),
        createdAt: z.date(),
      }),
    )
    .nullable(),
})
export type AccountUsage = z.infer<typeof AccountUsage>
