import { z } from 'zod'
import { SubscriptionView } from '../billing/billing.schemas.ts'
import { PaymentView } from '../billing/payment.schemas.ts'
import { id, PageInput, pageOf } from './admin.schemas.ts'

/** What an entry of a timeline can be about. Usage and events to other programs will follow. */
export const TimelineKind = z.enum([
  'sign_up',
  'login',
  'login_method',
  'mail',
  'invitation',
  'membership',
  'subscription',
  'switch',
  'payment',
  'refund',
  'webhook_event',
  'audit',
])
export type TimelineKind = z.infer<typeof TimelineKind>

export const TimelineInput = PageInput.extend({
  userId: id.toLowerCase().optional(),
  accountId: id.toLowerCase().optional(),
  kinds: z.array(TimelineKind).min(1, 'must name a kind').max(TimelineKind.options.length).optional(),
}).refine(({ userId, accountId }) => (userId === undefined) !== (accountId === undefined), {
  path: ['accountId'],
  message: 'must be given, or else userId, and not both',
})
export type TimelineInput = z.infer<typeof TimelineInput>

const Person = z.object({ id: z.uuid(), email: z.string() })
const actor = Person.nullable().describe('Null for the system, and for an operator at the terminal.')
const account = z.object({ id: z.uuid(), name: z.string() })
const role = z.enum(['owner', 'admin', 'billing', 'member'])
const changed = z.record(z.string(), z.unknown()).nullable()

const entry = <Kind extends TimelineKind, Facts extends z.ZodType>(kind: Kind, facts: Facts) =>
  z.object({
    id: z.string(),
    at: z.date(),
    kind: z.literal(kind),
    facts,
    /** What the entry is about, so that it leads on. */
    target: z.object({ type: z.string(), id: z.string() }),
  })

const Money = { currency: z.string(), amountCents: z.int() }

export const TimelineEntry = z.discriminatedUnion('kind', [
  entry(
    'sign_up',
    z.object({ of: z.enum(['user', 'organization']), provider: z.enum(['local', 'google', 'github']).nullable() }),
  ),
  entry(
    'login',
    z.object({
      ip: z.string(),
      userAgent: z.string(),
      expiresAt: z.date(),
      endedAt: z.date().nullable(),
      endedReason: z.string().nullable(),
    }),
  ),
  entry('login_method', z.object({ provider: z.enum(['google', 'github']), email: z.string().nullable() })),
  entry('mail', z.object({ template: z.string(), recipient: z.string(), sentAt: z.date().nullable() })),
  entry(
    'invitation',
    z.object({
      step: z.enum(['received', 'sent', 'revoked', 'accepted']),
      email: z.string(),
      role: role.nullable(),
      account,
      actor,
    }),
  ),
  entry(
    'membership',
    z.object({
      step: z.enum(['created', 'renamed', 'deleted', 'role_changed', 'removed', 'left']),
      account,
      /** Whom it is about, if it is about one member. */
      member: Person.nullable(),
      before: changed,
      after: changed,
      actor,
    }),
  ),
  entry(
    'subscription',
    z.object({
      step: z.enum(['started', 'plan_changed', 'cancel_requested', 'ended']),
      planCode: z.string(),
      planName: z.string(),
      formerPlanName: z.string().nullable(),
      provider: SubscriptionView.shape.provider,
      status: SubscriptionView.shape.status,
      priceCents: z.int(),
      currency: z.string(),
      billingPeriod: z.enum(['monthly', 'yearly']),
      /** When it ends or has ended; null if it renews. */
      endsAt: z.date().nullable(),
      endedBy: z.enum(['upgrade', 'reversal', 'expiry']).nullable(),
    }),
  ),
  entry(
    'switch',
    z.object({
      planCode: z.string(),
      planName: z.string(),
      /** The plan that it replaces. */
      formerPlanName: z.string().nullable(),
      provider: SubscriptionView.shape.provider,
      status: z.enum(['waiting', 'begun', 'canceled', 'undone']),
      priceCents: z.int(),
      currency: z.string(),
      billingPeriod: z.enum(['monthly', 'yearly']),
      startsAt: z.date(),
    }),
  ),
  entry(
    'payment',
    z.object({
      ...Money,
      refundedCents: z.int(),
      status: PaymentView.shape.status,
      provider: PaymentView.shape.provider,
      planName: z.string().nullable(),
    }),
  ),
  entry('refund', z.object({ ...Money, isFull: z.boolean(), status: z.enum(['requested', 'done']) })),
  entry(
    'webhook_event',
    z.object({
      type: z.string(),
      status: z.enum(['received', 'processed', 'ignored', 'failed']),
      attempts: z.int(),
      lastError: z.string().nullable(),
    }),
  ),
  entry(
    'audit',
    z.object({
      action: z.string(),
      /** What the target is called, if it is a user or an account. */
      label: z.string().nullable(),
      before: changed,
      after: changed,
      actor,
      ip: z.string().nullable(),
    }),
  ),
])
export type TimelineEntry = z.infer<typeof TimelineEntry>
export const TimelinePage = pageOf(TimelineEntry)
