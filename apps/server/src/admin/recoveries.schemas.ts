import { z } from 'zod'
import { SUBSCRIPTION_PROVIDERS } from '../billing/provider.schemas.ts'
import { owned, PageInput, pageOf } from './admin.schemas.ts'

export const ListRecoveriesInput = PageInput.extend({
  /** `lost` was voided, written off, or ended with the subscription or the account. */
  state: z.enum(['open', 'recovered', 'lost']).default('open'),
})
export type ListRecoveriesInput = z.infer<typeof ListRecoveriesInput>

export const RecoveryRow = z.object({
  ...owned,
  id: z.uuid(),
  subscriptionId: z.uuid(),
  planName: z.string(),
  provider: z.enum(SUBSCRIPTION_PROVIDERS),
  providerInvoiceId: z.string(),
  amountCents: z.int(),
  currency: z.string(),
  since: z.date(),
  action: z.enum(['pay', 'authenticate', 'update_card']),
  /** The last mail that was sent about it. */
  step: z.string().nullable(),
  nextStepAt: z.date().nullable(),
  nextRetryAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  outcome: z.enum(['recovered', 'voided', 'written_off', 'closed', 'ended']).nullable(),
})
export type RecoveryRow = z.infer<typeof RecoveryRow>
export const RecoveryPage = pageOf(RecoveryRow)

export const RecoverySummaryInput = z
  .object({
    /** The last days of billing time. */
    days: z.int().min(1, 'must be at least 1').max(400, 'must be at most 400').default(30),
  })
  .default({ days: 30 })
export type RecoverySummaryInput = z.infer<typeof RecoverySummaryInput>

const Money = z.object({ currency: z.string(), count: z.int(), cents: z.int() })

export const RecoverySummary = z.object({
  open: z.array(Money),
  /** What ended in these days, by the last mail before. */
  ended: z.array(
    z.object({
      step: z.string().nullable(),
      currency: z.string(),
      recoveredCount: z.int(),
      recoveredCents: z.int(),
      lostCount: z.int(),
      lostCents: z.int(),
    }),
  ),
})
export type RecoverySummary = z.infer<typeof RecoverySummary>
