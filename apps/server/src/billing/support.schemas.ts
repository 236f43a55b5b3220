import { z } from 'zod'
import { planCode, SubscribeInput, SubscriptionView } from './billing.schemas.ts'
import { PaymentView } from './payment.schemas.ts'

/** PostgreSQL allows later dates than any grant should have. */
const END_OF_TIME = new Date('9999-12-31T00:00:00.000Z')

export const GrantSubscriptionInput = z
  .object({
    /** A user's id means their personal account. */
    userId: z.uuid('must be an id').toLowerCase().optional(),
    accountId: z.uuid('must be an id').toLowerCase().optional(),
    planCode,
    until: z.date('must be a date').max(END_OF_TIME, 'must be before the year 10000'),
  })
  .refine(({ userId, accountId }) => (userId === undefined) !== (accountId === undefined), {
    path: ['accountId'],
    message: 'must be given, or else userId, and not both',
  })
export type GrantSubscriptionInput = z.infer<typeof GrantSubscriptionInput>

export const CancelAnySubscriptionInput = z.object({
  id: z.uuid('must be an id').toLowerCase(),
  at: z.enum(['now', 'period_end'], 'must be now or period_end'),
})
export type CancelAnySubscriptionInput = z.infer<typeof CancelAnySubscriptionInput>

export const PreviewAnyChangeInput = CancelAnySubscriptionInput.extend(SubscribeInput.shape)
export type PreviewAnyChangeInput = z.infer<typeof PreviewAnyChangeInput>

export const ChangeAnySubscriptionInput = PreviewAnyChangeInput.extend({
  /** Of the preview, which also stands for the price that it showed. */
  prorationDate: z.date('must be the prorationDate of a preview'),
})
export type ChangeAnySubscriptionInput = z.infer<typeof ChangeAnySubscriptionInput>

/** What canceling a subscription would do. */
export const CancelPreview = z.object({
  /** Null if it has ended. */
  endsAt: z.date().nullable(),
  /** Whether canceling changes nothing: it has ended, or ends then or before anyway. */
  isDone: z.boolean(),
  /** Until when it gives access after that; null for no longer than now. */
  accessUntil: z.date().nullable(),
  /** Always 0: canceling pays nothing back. */
  refundedCents: z.literal(0),
  /** The latest payment that could be refunded separately. */
  refundable: PaymentView.nullable(),
  /** The change that would be dropped. */
  scheduledChange: SubscriptionView.shape.scheduledChange,
})
export type CancelPreview = z.infer<typeof CancelPreview>
