import { z } from 'zod'
import { SubscriptionView } from '../billing/billing.schemas.ts'

const Money = z.object({ currency: z.string(), cents: z.int() })

export const Stats = z.object({
  users: z.object({ total: z.int(), active: z.int(), verified: z.int(), new30d: z.int() }),
  subscriptions: z.object({
    byStatus: z.record(SubscriptionView.shape.status, z.int()),
    byPlan: z.array(z.object({ planCode: z.string(), count: z.int() })),
  }),
  revenue: z.object({
    mrr: z.array(Money),
    last30d: z.array(Money),
    byDay: z.array(Money.extend({ day: z.string() })),
  }),
  jobs: z.object({ queued: z.int(), failed: z.int() }),
})
export type Stats = z.infer<typeof Stats>
