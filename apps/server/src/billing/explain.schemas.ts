import { z } from 'zod'
import { moment } from '../platform/values.schemas.ts'
import { SUBSCRIPTION_PROVIDERS } from './provider.schemas.ts'

export const ExplainInput = z.object({
  accountId: z.uuid('must be an id').toLowerCase(),
  /** In billing time: now, unless it is given. */
  at: moment.optional(),
  /** What would have been with another PAST_DUE_GRACE. */
  grace: z
    .string()
    .regex(/^\d{1,4}[mhd]$/, 'must be a duration such as 12h or 7d')
    .optional(),
})
export type ExplainInput = z.infer<typeof ExplainInput>

const Cause = z.object({
  kind: z.enum(['event', 'call', 'comparison', 'sweep', 'upgrade', 'reversal']),
  /** The row of the event, or the user who called. */
  id: z.string().nullable(),
  /** The type of the event, or the procedure. */
  what: z.string().nullable(),
  providerEventId: z.string().nullable(),
  /** The address of the user who called. */
  by: z.string().nullable(),
})
export type ExplainedCause = z.infer<typeof Cause>

const Told = z.object({
  hasAccess: z.boolean(),
  /** `unknown`: the history does not reach back so far. */
  reason: z.enum([
    ...['active', 'trialing', 'ending', 'past_due_grace', 'pending', 'past_due', 'unpaid', 'paused', 'ended'],
    ...['no_subscription', 'unknown'],
  ] as const),
  until: z.date().nullable(),
  tier: z.string(),
  planCode: z.string().nullable(),
  /** The state that decided; null if there was no subscription. */
  subscription: z
    .object({
      id: z.uuid(),
      provider: z.enum(SUBSCRIPTION_PROVIDERS),
      status: z.string(),
      planName: z.string(),
      currentPeriodEnd: z.date(),
      isPeriodOver: z.boolean(),
      endsAt: z.date().nullable(),
      pausedFrom: z.date().nullable(),
      pastDueSince: z.date().nullable(),
      graceEndsAt: z.date().nullable(),
    })
    .nullable(),
})
export type ToldAccess = z.infer<typeof Told>

export const Explanation = Told.extend({
  accountId: z.uuid(),
  at: z.date(),
  /** Billing time now. */
  now: z.date(),
  /** When the account was closed, if it is. A closed account's members can't log in or use it, whatever it has paid. */
  closedAt: z.date().nullable(),
  /** Since when anything is known; null without any subscription. */
  historyFrom: z.date().nullable(),
  /** The change that led to this state. */
  since: z
    .object({
      at: z.date(),
      /** By the database's clock; null if no change was recorded yet. */
      recordedAt: z.date().nullable(),
      /** Whether it may have begun earlier, before the history did. */
      isOpenBefore: z.boolean(),
      cause: Cause.nullable(),
    })
    .nullable(),
  /** What changed access next, up to now; null if nothing did. */
  next: z.object({ at: z.date(), by: z.enum(['change', 'time']), cause: Cause.nullable(), access: Told }).nullable(),
  /** With `grace`: what would have been. */
  whatIf: Told.nullable(),
  /** The latest payments that had begun by then, with the status that they have today. */
  payments: z.array(
    z.object({
      id: z.uuid(),
      amountCents: z.int(),
      currency: z.string(),
      status: z.string(),
      invoiceNumber: z.string().nullable(),
      createdAt: z.date(),
    }),
  ),
})
export type Explanation = z.infer<typeof Explanation>
