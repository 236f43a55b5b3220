import { z } from 'zod'
import { PlanView, SubscriptionView } from '../billing/billing.schemas.ts'
import { pageOf } from './admin.schemas.ts'

export { UpdatePlanInput, UpdatePlanPreview } from '../billing/plan.schemas.ts'

const Money = z.object({ currency: z.string(), cents: z.int() })
const PlanStatus = z.enum(['draft', 'active', 'retired'])

export const ListPlansInput = z.object({ status: PlanStatus.optional() })
export type ListPlansInput = z.infer<typeof ListPlansInput>

export const OperatorsPlanView = PlanView.extend({
  /** `draft` until the plan exists at the provider, `retired` once it is closed to new subscribers. */
  status: PlanStatus,
  /** Subscriptions by status; a status without any is missing. */
  subscribers: z.partialRecord(SubscriptionView.shape.status, z.int()),
  /** What its paying subscriptions bring per month. */
  mrr: z.array(Money),
  createdAt: z.date(),
})
export type OperatorsPlanView = z.infer<typeof OperatorsPlanView>
export const PlanPage = pageOf(OperatorsPlanView)

export const PlanDetails = OperatorsPlanView.extend({
  /**
   * - `missing`: the provider does not have it yet. The first checkout makes it.
   * - `pending`: a job is about to copy its latest change.
   * - `synced`: the provider has all of it.
   */
  sync: z.enum(['missing', 'pending', 'synced']),
  providerProductId: z.string().nullable(),
  /** What live subscriptions pay for one of it: today's price first, then the former ones, then what only Stripe knows. */
  prices: z.array(
    z.object({
      priceCents: z.int(),
      currency: z.string(),
      billingPeriod: z.enum(['monthly', 'yearly']),
      seats: z.object({ included: z.int(), perSeatCents: z.int() }).nullable(),
      isCurrent: z.boolean(),
      providerPriceId: z.string().nullable(),
      /** Null for a price that was made in the provider's dashboard. */
      createdAt: z.date().nullable(),
      subscribers: z.int(),
    }),
  ),
})
export type PlanDetails = z.infer<typeof PlanDetails>
