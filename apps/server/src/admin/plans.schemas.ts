import { z } from 'zod'
import { PlanView, RevisedPlan, SubscriptionView } from '../billing/billing.schemas.ts'
import { id, Owner, owned, PageInput, pageOf } from './admin.schemas.ts'

export { UpdatePlanInput, UpdatePlanPreview } from '../billing/plan.schemas.ts'
export { MovePlanInput, MovePreview, PreviewMoveInput } from '../billing/plan-move.schemas.ts'

const Money = z.object({ currency: z.string(), cents: z.int() })
const PlanStatus = z.enum(['draft', 'active', 'retired'])

export const ListPlansInput = z.object({ status: PlanStatus.optional() })
export type ListPlansInput = z.infer<typeof ListPlansInput>

export const OperatorsPlanView = RevisedPlan.extend({
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
  /** All prices at which it is sold: `prices` of the plan as customers see it. */
  offers: PlanView.shape.prices,
  /**
   * What live subscriptions pay for one of it: the prices on offer first, in their order, then the former ones, then what
   * only Stripe knows.
   */
  prices: z.array(
    z.object({
      priceCents: z.int(),
      currency: z.string(),
      billingPeriod: z.enum(['monthly', 'yearly']),
      perSeatCents: z.int().nullable(),
      provider: PlanView.shape.provider,
      seats: z.object({ included: z.int(), perSeatCents: z.int() }).nullable(),
      /** Whether it is on offer. */
      isCurrent: z.boolean(),
      providerPriceId: z.string().nullable(),
      /** Null for a price that was made in the provider's dashboard. */
      createdAt: z.date().nullable(),
      subscribers: z.int(),
    }),
  ),
})
export type PlanDetails = z.infer<typeof PlanDetails>

export const MoveRef = z.object({ id: z.uuid() })

export const ListMovesInput = PageInput.extend({
  id: id.optional(),
  planId: id.optional(),
  isOpen: z.boolean().optional(),
})
export type ListMovesInput = z.infer<typeof ListMovesInput>

const PlanRef = z.object({ id: z.uuid(), code: z.string(), name: z.string() })
const ItemStatus = z.enum(['waiting', 'done', 'refused'])

export const MoveView = z.object({
  id: z.uuid(),
  from: PlanRef,
  to: PlanRef,
  /** The price that they are moved to. */
  priceCents: z.int(),
  currency: z.string(),
  billingPeriod: z.enum(['monthly', 'yearly']),
  at: z.enum(['now', 'period_end']),
  /** Whom it is about; null for all subscribers of the plan. */
  unitPriceCents: z.int().nullable(),
  startedBefore: z.date().nullable(),
  /** `listing` until every subscriber is listed. Until then, `waiting` does not count. */
  state: z.enum(['listing', 'moving', 'done', 'stopped']),
  waiting: z.int(),
  done: z.int(),
  refused: z.int(),
  /** Null if they are no longer a user. */
  orderedBy: Owner.nullable(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
})
export type MoveView = z.infer<typeof MoveView>
export const MovePage = pageOf(MoveView)

export const MoveItemFilters = z.object({ moveId: id, status: ItemStatus.optional() })
export const ListMoveItemsInput = PageInput.extend(MoveItemFilters.shape)
export type ListMoveItemsInput = z.infer<typeof ListMoveItemsInput>
export const MoveItemView = z.object({
  id: z.uuid(),
  subscriptionId: z.uuid(),
  ...owned,
  status: ItemStatus,
  /** Why it was refused: a reason of the contract. */
  reason: z.string().nullable(),
  endedAt: z.date().nullable(),
})
export type MoveItemView = z.infer<typeof MoveItemView>
export const MoveItemPage = pageOf(MoveItemView)
