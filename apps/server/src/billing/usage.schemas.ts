import { z } from 'zod'
import { featureName } from './feature.schemas.ts'

const amount = z.int('must be a whole number').max(Number.MAX_SAFE_INTEGER, 'is too large')
const accountId = z.uuid('must be an account id').toLowerCase()
const Reservation = z.uuid('must be the id of a reservation').toLowerCase()

/** A day: what takes longer is counted when it is done. */
const LONGEST_RESERVATION = 86_400

/** Strict: otherwise a misspelled `amount` or `reserve` would be ignored, and the default counted. */
export const ConsumeInput = z.strictObject({
  id: accountId,
  feature: featureName,
  amount: amount.min(1, 'must be at least 1').default(1).describe('How much is used.'),
  key: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters')
    .describe('Names what is counted, such as a request or a job. The same key counts once per account.'),
  reserve: z
    .int('must be a whole number of seconds')
    .min(1, 'must be at least 1')
    .max(LONGEST_RESERVATION, `must be at most ${LONGEST_RESERVATION}`)
    .optional()
    .describe('Seconds to hold the amount for. It is given back then, unless it is settled.'),
})
export type ConsumeInput = z.infer<typeof ConsumeInput>

export const SettleInput = z.strictObject({
  id: accountId,
  reservation: Reservation,
  amount: amount.min(0, 'must not be negative').describe('How much was used, which may be less or more.'),
})
export type SettleInput = z.infer<typeof SettleInput>

export const GiveBackInput = z.object({ id: accountId, reservation: Reservation })
export type GiveBackInput = z.infer<typeof GiveBackInput>

export const UsageView = z
  .object({
    allowed: z.boolean().describe('Whether it was counted. False means that nothing was.'),
    used: z.int().describe('What is used afterwards, with what is reserved.'),
    limit: z.int().nullable().describe('Null for any amount.'),
    remaining: z.int().nullable().describe('Null for any amount.'),
    resetsAt: z.date().nullable().describe('When `used` begins again at 0; null for never.'),
    reservation: z.uuid().optional().describe('With `reserve`, if it was allowed: what to settle or give back.'),
    unlockedBy: z
      .object({ planCode: z.string() })
      .nullable()
      .optional()
      .describe('If it was not allowed: the cheapest plan on sale that would; null if none would.'),
  })
  .meta({ id: 'Usage', description: 'Whether something could be used, and what is left.' })
export type UsageView = z.infer<typeof UsageView>
