import { z } from 'zod'
import { PageInput, SubscriptionView, UpcomingView } from '../billing/billing.schemas.ts'
import { DisputeStatus } from '../billing/dispute.schemas.ts'
import { PaymentView } from '../billing/payment.schemas.ts'
import { moment } from '../platform/values.schemas.ts'
import { id, owned, pageOf } from './admin.schemas.ts'

export {
  CancelAnySubscriptionInput,
  CancelPreview,
  ChangeAnySubscriptionInput,
  GrantSubscriptionInput,
  PreviewAnyChangeInput,
} from '../billing/support.schemas.ts'
export { RefundPaymentInput, RefundPreview } from '../billing/refund.schemas.ts'
export {
  ApplyDiscountInput,
  CreateDiscountInput,
  DiscountPage,
  DiscountView,
  EndDiscountInput,
  ListDiscountsInput,
} from '../billing/discount.schemas.ts'
export { ChangePreview, SubscriptionView } from '../billing/billing.schemas.ts'
export { PaymentView } from '../billing/payment.schemas.ts'

const planCode = z.string().regex(/^[a-z0-9_-]{1,64}$/, 'must be a plan code')
const currency = z.string().regex(/^[a-z]{3}$/, 'must be a lower-case ISO 4217 code such as usd')
const cents = z.int().min(0, 'must not be negative').max(Number.MAX_SAFE_INTEGER)

export const SubscriptionFilters = z.object({
  status: SubscriptionView.shape.status.optional(),
  accessReason: SubscriptionView.shape.accessReason.optional(),
  planCode: planCode.optional(),
  provider: SubscriptionView.shape.provider.optional(),
  /** `other` is any interval but a month and a year. */
  interval: z.enum(['monthly', 'yearly', 'other']).optional(),
  currency: currency.optional(),
  /** What they pay for one of the plan, which tells apart who has an old price. */
  unitPriceCents: cents.optional(),
  /** Whether it is part of MRR: active or past due, and not for free. */
  countsInMrr: z.boolean().optional(),
  /** Only those that are set to end before this moment. */
  endsBefore: moment.optional(),
  trialEndsFrom: moment.optional(),
  trialEndsTo: moment.optional(),
  /** `ending` sorts by the end of the period, the earliest first, and leaves out what has ended. */
  order: z.enum(['newest', 'ending']).optional(),
  /** A user's id means their personal account. */
  userId: id.optional(),
  accountId: id.optional(),
})
export const ListSubscriptionsInput = PageInput.extend(SubscriptionFilters.shape)
export type ListSubscriptionsInput = z.infer<typeof ListSubscriptionsInput>
export const OwnedSubscriptionView = SubscriptionView.extend(owned)
export type OwnedSubscriptionView = z.infer<typeof OwnedSubscriptionView>
export const SubscriptionPage = pageOf(OwnedSubscriptionView)

export const DisputeView = z.object({
  id: z.uuid(),
  providerDisputeId: z.string(),
  /** The provider's word for it, such as `fraudulent`. */
  reason: z.string(),
  status: DisputeStatus,
  /** Whether the bank only asks so far. No money has moved. */
  isInquiry: z.boolean(),
  amountCents: z.int(),
  currency: z.string(),
  /** By when evidence counts; null if none can be given. */
  dueBy: z.date().nullable(),
  /** Whole days until then, by billing time; negative once it is over. Null if `dueBy` is. */
  daysLeft: z.int().nullable(),
  hasEvidence: z.boolean(),
  /** Where evidence is given; null if the provider has no page for it, or is not set up. */
  providerUrl: z.string().nullable(),
  openedAt: z.date(),
})
export type DisputeView = z.infer<typeof DisputeView>

const PaymentFilters = z.object({
  status: PaymentView.shape.status.optional(),
  currency: currency.optional(),
  from: moment.optional(),
  /** Only before this moment. */
  to: moment.optional(),
  /** Only the payments that a figure of the overview counts. */
  counted: z.enum(['revenue', 'refunds', 'recovered']).optional(),
  /** Whether at least part of it was refunded. */
  refunded: z.boolean().optional(),
  /** Whether it was ever disputed. */
  disputed: z.boolean().optional(),
  /** The invoice's number in any letter case, or the provider's id of the invoice. */
  invoice: z.string().trim().min(1, 'must not be empty').max(255, 'is too long').optional(),
  /** Needs `currency`, because amounts of different currencies can't be compared. */
  minAmountCents: cents.optional(),
  /** A user's id means their personal account. */
  userId: id.optional(),
  accountId: id.optional(),
})
/** Amounts of different currencies can't be compared. */
const hasCurrency = (filters: { minAmountCents?: number | undefined; currency?: string | undefined }) =>
  filters.minAmountCents === undefined || filters.currency !== undefined
const WITHOUT_CURRENCY = { path: ['currency'], message: 'must be given with minAmountCents' }
export const ListPaymentsInput = PageInput.extend(PaymentFilters.shape).refine(hasCurrency, WITHOUT_CURRENCY)
export const PaymentExportInput = PaymentFilters.refine(hasCurrency, WITHOUT_CURRENCY)
export type ListPaymentsInput = z.infer<typeof ListPaymentsInput>
const Plan = z.object({ code: z.string(), name: z.string() })
export const OwnedPaymentView = PaymentView.extend({
  ...owned,
  /** What was bought. For payments of older versions: the plan that the subscription is on now. */
  plan: Plan.nullable(),
  /** Its latest dispute. */
  dispute: DisputeView.pick({ status: true, dueBy: true, daysLeft: true, isInquiry: true }).nullable(),
})
export type OwnedPaymentView = z.infer<typeof OwnedPaymentView>
export const OwnedPaymentPage = pageOf(OwnedPaymentView)

export const RefundView = z.object({
  id: z.uuid(),
  amountCents: z.int(),
  /** `requested` while it is not known whether the provider has made it. */
  status: z.enum(['requested', 'done']),
  createdAt: z.date(),
})
export type RefundView = z.infer<typeof RefundView>

export const PaymentDetails = OwnedPaymentView.extend({
  providerPaymentId: z.string().nullable(),
  isRefundable: z.boolean(),
  /** The refunds that were made here, newest first. `refundedCents` has those of the provider's dashboard, too. */
  refunds: z.array(RefundView),
  /** Newest first. */
  disputes: z.array(DisputeView),
  subscription: SubscriptionView.nullable(),
})
export type PaymentDetails = z.infer<typeof PaymentDetails>

export const SubscriptionDetails = OwnedSubscriptionView.extend({
  providerSubscriptionId: z.string().nullable(),
  /** Stands for the discounts that run. `applyDiscount` takes it. */
  discountsRevision: z.string(),
  pastDueSince: z.date().nullable(),
  /** When the provider will have ended its grace, if it is past due. */
  graceEndsAt: z.date().nullable(),
  /** The plan of another provider that waits for its end. */
  upcoming: UpcomingView.nullable(),
  /** The latest, newest first. */
  payments: z.array(PaymentView),
})
export type SubscriptionDetails = z.infer<typeof SubscriptionDetails>

export const DisputeFilters = z.object({
  status: DisputeStatus.optional(),
  /** `due` sorts by the deadline, and has only those that need a response. */
  order: z.enum(['newest', 'due']).optional(),
})
export const ListDisputesInput = PageInput.extend(DisputeFilters.shape)
export type ListDisputesInput = z.infer<typeof ListDisputesInput>
export const OwnedDisputeView = DisputeView.extend({ ...owned, payment: PaymentView })
export type OwnedDisputeView = z.infer<typeof OwnedDisputeView>
export const DisputePage = pageOf(OwnedDisputeView)

export const OwnedRefundView = RefundView.extend({ ...owned, payment: PaymentView })
export type OwnedRefundView = z.infer<typeof OwnedRefundView>
export const RefundPage = pageOf(OwnedRefundView)

export const NoFilters = z.object({})
