import { z } from 'zod'
import { PageInput, PaymentView, SubscriptionView } from '../billing/billing.schemas.ts'
import { id, owned, pageOf } from './admin.schemas.ts'

export {
  CancelAnySubscriptionInput,
  GrantSubscriptionInput,
  PaymentView,
  RefundPaymentInput,
  SubscriptionView,
} from '../billing/billing.schemas.ts'

export const ListSubscriptionsInput = PageInput.extend({
  status: SubscriptionView.shape.status.optional(),
  planCode: z
    .string()
    .regex(/^[a-z0-9_-]{1,64}$/, 'must be a plan code')
    .optional(),
  /** A user's id means their personal account. */
  userId: id.optional(),
  accountId: id.optional(),
})
export type ListSubscriptionsInput = z.infer<typeof ListSubscriptionsInput>
export const OwnedSubscriptionView = SubscriptionView.extend(owned)
export type OwnedSubscriptionView = z.infer<typeof OwnedSubscriptionView>
export const SubscriptionPage = pageOf(OwnedSubscriptionView)

export const ListPaymentsInput = PageInput.extend({
  status: PaymentView.shape.status.optional(),
  /** A user's id means their personal account. */
  userId: id.optional(),
  accountId: id.optional(),
})
export type ListPaymentsInput = z.infer<typeof ListPaymentsInput>
export const OwnedPaymentView = PaymentView.extend(owned)
export type OwnedPaymentView = z.infer<typeof OwnedPaymentView>
export const OwnedPaymentPage = pageOf(OwnedPaymentView)
