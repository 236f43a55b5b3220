import { z } from 'zod'
import { defineQueue } from '../platform/jobs/jobs.ts'

const at = z.iso.datetime()
/** Where the request came from that a notice is about. */
const Requester = z.object({ ip: z.string(), userAgent: z.string() })
export type Requester = z.infer<typeof Requester>
/** Jobs of before 2026-11-30 don't have it. */
const by = Requester.optional()
const codeRequest = z.object({
  ...{ username: z.string(), codeFor: z.uuid() },
  /**
   * Whether the address was never verified. Logging in with the code then removes the password, because someone else
   * may have set it.
   */
  dropsPassword: z.boolean(),
  ...{ at: at.optional(), by },
})
export type CodeRequest = z.infer<typeof codeRequest>
const resetRequest = z.object({ username: z.string(), tokenId: z.uuid(), at: at.optional(), by })
export type ResetRequest = z.infer<typeof resetRequest>
const emailChange = z.object({ username: z.string(), newEmail: z.string(), at, by })
export type EmailChange = z.infer<typeof emailChange>
const loginMethodChange = z.object({
  username: z.string(),
  provider: z.enum(['google', 'github']),
  /** True if the provider's account was linked, false if it was unlinked. */
  linked: z.boolean(),
  ...{ at, by },
})
export type LoginMethodChange = z.infer<typeof loginMethodChange>
const sessionsEnded = z.object({ username: z.string(), at, by, ended: Requester.optional() })
export type SessionsEnded = z.infer<typeof sessionsEnded>
const passwordChange = z.object({ username: z.string(), at, by })
export type PasswordChange = z.infer<typeof passwordChange>
/** Whom an email about billing is for. */
const payer = {
  username: z.string(),
  planName: z.string(),
  /** The organization that pays, whose pages are linked; not set for a personal account. */
  accountId: z.uuid().optional(),
  /** The time zone in which the provider counts days; not set if it bills by the moment. */
  timeZone: z.string().optional(),
}
const plan = {
  ...payer,
  amountCents: z.number().int(),
  currency: z.string(),
  billingPeriod: z.enum(['monthly', 'yearly']),
  /** How often the price is charged; null in jobs of older versions. */
  interval: z
    .object({ unit: z.enum(['day', 'week', 'month', 'year']), count: z.int() })
    .nullable()
    .default(null),
  /** When a discount in the price ends; null if none does, not set in jobs of older versions. */
  discountEndsAt: at.nullable().optional(),
  periodEnd: at,
  /** When the subscription is set to end, which may be after the period; null if it renews. */
  endsAt: at.nullable().default(null),
}
/** The values of an email about a plan. `amountCents` is the price of a period, less discounts that last. */
const ofPlan = z.object({ ...plan, isTrial: z.boolean().default(false), isPaused: z.boolean().optional() })
export type PlanProps = z.infer<typeof ofPlan>
const planChange = ofPlan.extend({
  /** The invoice of the change itself; null if it has none. */
  invoice: z
    .object({ amountCents: z.number().int(), isPaid: z.boolean(), url: z.string().nullable() })
    .nullable()
    .default(null),
})
export type PlanChange = z.infer<typeof planChange>
/**
 * The values of an email about an invoice. `amountCents` is the invoice's, `priceCents` is the price of a period, less
 * discounts that last.
 */
const ofInvoice = z.object({
  ...plan,
  priceCents: z.number().int(),
  /** Whether discounts leave nothing to pay, so that no credit paid it; not set in jobs of older versions. */
  isOverNothing: z.boolean().optional(),
  invoiceUrl: z.string().nullable(),
  isTrial: z.boolean().default(false),
  /** When access ends if the invoice stays unpaid; null if it has ended; undefined if it does not depend on it. */
  accessUntil: at.nullable().optional(),
  /** The recovery whose pay link is the button, if the invoice has no page of its own. */
  payLinkFor: z.uuid().optional(),
})
const reminder = ofInvoice.extend({
  payLinkFor: z.uuid(),
  action: z.enum(['pay', 'authenticate', 'update_card']),
  /** Whether the provider no longer tries, and no reminder follows. */
  isFinal: z.boolean(),
  /** When the provider tries again by itself; null if it does not. */
  retriesAt: at.nullable(),
})
export type PaymentReminder = z.infer<typeof reminder>
const expiringCard = ofPlan.extend({
  brand: z.string().nullable(),
  last4: z.string().nullable(),
  /** The last month in which it works: `08/2027`. */
  expires: z.string(),
})
export type CardExpiring = z.infer<typeof expiringCard>
const ofPause = z.object({
  ...payer,
  from: at,
  until: at.nullable(),
  /** Whether the paid time is over already. */
  isPaused: z.boolean(),
})
export type PauseProps = z.infer<typeof ofPause>
export type InvoiceProps = z.infer<typeof ofInvoice>
const addedCard = z.object({
  ...payer,
  /** What checked the card, and was paid back. */
  amountCents: z.int(),
  currency: z.string(),
  last4: z.string().nullable(),
})
export type AddedCard = z.infer<typeof addedCard>
const planUpcoming = z.object({
  ...payer,
  amountCents: z.number().int(),
  currency: z.string(),
  billingPeriod: z.enum(['monthly', 'yearly']),
  interval: z.object({ unit: z.enum(['day', 'week', 'month', 'year']), count: z.int() }),
  /** When the current plan ends and this one begins. */
  startsAt: at,
})
export type PlanUpcoming = z.infer<typeof planUpcoming>
const promotionLost = z.object({
  username: z.string(),
  /** The plan that the change leads to. */
  planName: z.string(),
  accountId: payer.accountId,
  timeZone: payer.timeZone,
  code: z.string(),
  /** When the change takes effect. */
  startsAt: at,
})
export type PromotionLost = z.infer<typeof promotionLost>
const subscriptionEnded = z.object({
  ...payer,
  endedAt: at,
  /** Whether it ended because a payment had failed; not set in jobs of older versions. */
  isUnpaid: z.boolean().optional(),
})
export type SubscriptionEnded = z.infer<typeof subscriptionEnded>

const refundFailed = z.object({
  username: z.string(),
  /** What was paid for; null if the invoice names no plan. */
  planName: z.string().nullable(),
  accountId: payer.accountId,
  timeZone: payer.timeZone,
  /** Of this refund alone, and not what was refunded before. */
  amountCents: z.number().int(),
  currency: z.string(),
  paidAt: at,
  invoiceNumber: z.string().nullable(),
  invoiceUrl: z.string().nullable(),
})
export type RefundFailed = z.infer<typeof refundFailed>
const paymentRefunded = refundFailed.extend({
  /** Whether nothing of the payment is left. */
  isFull: z.boolean(),
})
export type PaymentRefunded = z.infer<typeof paymentRefunded>

const role = z.enum(['owner', 'admin', 'billing', 'member'])
/** An account that has members, as an email to one of them names it. */
const ofAccount = z.object({ username: z.string(), accountId: z.uuid(), accountName: z.string() })
const invitation = z.object({ invitationId: z.uuid(), accountName: z.string(), role, invitedBy: z.string() })
export type InvitationProps = z.infer<typeof invitation>
const invitationAccepted = ofAccount.extend({ member: z.string(), email: z.string(), role })
export type InvitationAccepted = z.infer<typeof invitationAccepted>
const memberRemoved = z.object({ username: z.string(), accountName: z.string(), at })
export type MemberRemoved = z.infer<typeof memberRemoved>
const ownershipChange = ofAccount.extend({
  /** Who became an owner, or is no longer one. */
  member: z.string(),
  isReader: z.boolean(),
  isOwner: z.boolean(),
  changedBy: z.string(),
  at,
})
export type OwnershipChange = z.infer<typeof ownershipChange>
const seatsTaken = ofAccount.extend({ used: z.int(), max: z.int() })
export type SeatsTaken = z.infer<typeof seatsTaken>
const endpointOff = z.object({
  username: z.string(),
  url: z.string(),
  /** Whether it said that it is gone, or failed for days. */
  reason: z.enum(['gone', 'failing']),
  /** When it began to fail, and when it was switched off. */
  since: at,
  at,
  /** What the last attempt ended with. */
  lastError: z.string(),
})
export type EndpointOff = z.infer<typeof endpointOff>

/**
 * All email templates, each with the values it shows. These are plain data, so a stored job stays valid when an entity
 * changes. Jobs contain no secrets: they name the token's row (`tokenId`), the user (`codeFor`), the invitation
 * (`invitationId`) or the recovery (`payLinkFor`), and the worker makes the link or the code just before sending.
 */
export const MailContent = z.discriminatedUnion('template', [
  z.object({ template: z.literal('verify-email'), props: z.object({ username: z.string(), tokenId: z.uuid() }) }),
  z.object({ template: z.literal('reset-password'), props: resetRequest }),
  z.object({ template: z.literal('confirm-email'), props: z.object({ username: z.string(), tokenId: z.uuid() }) }),
  z.object({ template: z.literal('login-code'), props: codeRequest }),
  z.object({ template: z.literal('password-changed'), props: passwordChange }),
  z.object({ template: z.literal('email-change-requested'), props: emailChange }),
  z.object({ template: z.literal('email-changed'), props: emailChange }),
  z.object({ template: z.literal('sessions-ended'), props: sessionsEnded }),
  z.object({ template: z.literal('login-method-changed'), props: loginMethodChange }),
  z.object({ template: z.literal('subscription-started'), props: ofInvoice }),
  z.object({ template: z.literal('subscription-renewed'), props: ofInvoice }),
  z.object({ template: z.literal('payment-failed'), props: ofInvoice }),
  z.object({ template: z.literal('payment-action-required'), props: ofInvoice }),
  z.object({ template: z.literal('payment-reminder'), props: reminder }),
  z.object({ template: z.literal('card-expiring'), props: expiringCard }),
  z.object({ template: z.literal('payment-refunded'), props: paymentRefunded }),
  z.object({ template: z.literal('payment-refund-failed'), props: refundFailed }),
  z.object({ template: z.literal('plan-changed'), props: planChange }),
  z.object({ template: z.literal('plan-upcoming'), props: planUpcoming }),
  z.object({ template: z.literal('promotion-lost'), props: promotionLost }),
  z.object({ template: z.literal('subscription-will-cancel'), props: ofPlan }),
  z.object({ template: z.literal('trial-ending'), props: ofPlan }),
  z.object({ template: z.literal('subscription-paused'), props: ofPause }),
  z.object({ template: z.literal('card-added'), props: addedCard }),
  z.object({ template: z.literal('subscription-canceled'), props: subscriptionEnded }),
  z.object({ template: z.literal('invitation'), props: invitation }),
  z.object({ template: z.literal('invitation-accepted'), props: invitationAccepted }),
  z.object({ template: z.literal('member-removed'), props: memberRemoved }),
  z.object({ template: z.literal('ownership-changed'), props: ownershipChange }),
  z.object({ template: z.literal('seat-limit-near'), props: seatsTaken }),
  z.object({ template: z.literal('webhook-endpoint-off'), props: endpointOff }),
])
export type MailContent = z.infer<typeof MailContent>

const SendMailJob = z.intersection(z.object({ mailId: z.uuid(), to: z.string() }), MailContent)
export type SendMailJob = z.infer<typeof SendMailJob>

/**
 * The mail server may be down for a day: the 120 retries start 5 s apart, slow down to one every 15 minutes, and last
 * for more than a day. Once the server is back, emails go out within 15 minutes.
 */
export const SendMail = defineQueue<SendMailJob>({
  name: 'send-mail',
  schema: SendMailJob,
  retryLimit: 120,
  retryDelay: 5,
  retryDelayMax: 15 * 60,
  concurrency: 2,
  batchSize: 10,
  shownFields: ['mailId', 'template'],
})
