import { z } from 'zod'
import { moment } from '../platform/values.schemas.ts'
import { SubscriptionView } from './billing.schemas.ts'
import { billingPeriod, currency, OfferView, planCode, PlanView } from './plan.schemas.ts'

const id = z.uuid('must be an id').toLowerCase()
const cents = z.int().min(0, 'must not be negative').max(Number.MAX_SAFE_INTEGER)
const MoveTime = z.enum(['now', 'period_end'], 'must be now or period_end')

const moveTerms = {
  /** The plan whose subscribers are moved. It may be retired. */
  planId: id,
  /** The plan to move to, for its price of today. The same plan moves those with another price. */
  toPlanCode: planCode,
  /**
   * Which of its prices; without them, its first. Who pays for a period and in a currency for which it has another price
   * is not moved: order a move to that price.
   */
  toBillingPeriod: billingPeriod.optional(),
  toCurrency: currency.optional(),
  at: MoveTime,
  /** Only those who pay this for one of the plan. */
  unitPriceCents: cents.optional(),
  /** Only subscriptions that began before this moment. */
  startedBefore: moment.optional(),
}

export const PreviewMoveInput = z.object(moveTerms)
export type PreviewMoveInput = z.infer<typeof PreviewMoveInput>

export const MovePlanInput = z.object({
  ...moveTerms,
  /** Of the preview. If the price has other terms today, nothing is moved. */
  priceRef: z.string('must be the priceRef of a preview').max(64, 'must be the priceRef of a preview'),
})
export type MovePlanInput = z.infer<typeof MovePlanInput>

/** Subscribers with the same terms, who have the same price afterwards. */
const MoveKind = z.object({
  status: SubscriptionView.shape.status,
  currency: z.string(),
  interval: SubscriptionView.shape.interval,
  /** What they pay for one of the plan, or for its included members. */
  unitPriceCents: z.int(),
  /** The terms of a price that charges per member. */
  seats: z.object({ included: z.int(), perSeatCents: z.int() }).nullable(),
  count: z.int(),
  /** What all of them pay for the plan per billing period, today and after the move. */
  beforeCents: z.int(),
  afterCents: z.int(),
  dueNowCents: z.int(),
  creditCents: z.int(),
})
export type MoveKind = z.infer<typeof MoveKind>

/** What a move of a plan's subscribers would do, by what our rows say. */
export const MovePreview = z.object({
  from: PlanView,
  to: PlanView,
  /** The price of `to` to which they are moved. */
  price: OfferView,
  /** Stands for all its terms. `move` takes it back. */
  priceRef: z.string(),
  at: MoveTime,
  /** Live subscriptions of the plan that match. */
  subscribers: z.int(),
  movable: z.int(),
  /** Why the others stay, by the reasons of the contract. `SAME_PLAN`: they have it, or have scheduled it. */
  refusals: z.array(z.object({ reason: z.string(), count: z.int() })),
  /** Those who can move, the most common kind first, at most 50 kinds. */
  kinds: z.array(MoveKind),
  hasMoreKinds: z.boolean(),
  /** What happens at once, and what MRR becomes, of all who can move. */
  totals: z.array(
    z.object({
      currency: z.string(),
      dueNowCents: z.int(),
      creditCents: z.int(),
      mrrBeforeCents: z.int(),
      mrrAfterCents: z.int(),
    }),
  ),
  /** Whether amounts are estimated. At the period's end nothing is charged at once, which is certain. */
  isEstimate: z.boolean(),
  /** When the first and the last of them change; null if no one can move. */
  firstAt: z.date().nullable(),
  lastAt: z.date().nullable(),
})
export type MovePreview = z.infer<typeof MovePreview>
