import { z } from 'zod'
import { PlanView } from './billing.schemas.ts'

export { UpdatePlanInput } from './billing.schemas.ts'

/** What a change of a plan would do. */
export const UpdatePlanPreview = z.object({
  /** The plan as new subscribers would see it. */
  after: PlanView,
  /** Live subscriptions on the plan, grants among them. */
  subscribers: z.int(),
  /** How many of them keep paying what they pay today, because a new price is only for new subscribers. */
  keepPrice: z.int(),
  isNewPrice: z.boolean(),
  /** Whether all subscribers see another name, here and at the provider. */
  isRenamed: z.boolean(),
  /** Whether all subscribers have another tier at once. */
  isNewTier: z.boolean(),
  /** Whether another number of members is allowed or included at once. */
  isNewSeats: z.boolean(),
  /** Whether all subscribers may use more or less at once. */
  isNewFeatures: z.boolean(),
})
export type UpdatePlanPreview = z.infer<typeof UpdatePlanPreview>
