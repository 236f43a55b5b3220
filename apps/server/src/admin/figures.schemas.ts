import { z } from 'zod'
import { SubscriptionView } from '../billing/billing.schemas.ts'
import { day } from '../platform/values.schemas.ts'
import { owned, PageInput, pageOf } from './admin.schemas.ts'

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
  jobs: z.object({ queued: z.int(), retry: z.int(), failed: z.int() }),
})
export type Stats = z.infer<typeof Stats>

export const MRR_KINDS = ['new', 'expansion', 'contraction', 'churn', 'reactivation'] as const
export type MrrKind = (typeof MRR_KINDS)[number]

export const OverviewInput = z
  .object({
    /** The last days of billing time, today included. It says nothing if `from` is given. */
    days: z.int().min(1, 'must be at least 1').max(400, 'must be at most 400').default(30),
    /** The first and the last day, in UTC. */
    from: day.optional(),
    to: day.optional(),
  })
  .default({ days: 30 })
export type OverviewInput = z.infer<typeof OverviewInput>

const Change = z.object({
  cents: z.int(),
  /** How many times an account changed in this way: at most once a day. */
  count: z.int(),
})

export const Overview = z.object({
  from: z.string(),
  to: z.string(),
  /** Billing time. */
  now: z.date(),
  mrr: z.array(
    z.object({
      currency: z.string(),
      /** MRR before the first day, and after the last one. */
      startCents: z.int(),
      cents: z.int(),
      /** How many subscriptions make up `cents`. */
      subscribers: z.int(),
      movement: z.object({
        new: Change,
        expansion: Change,
        contraction: Change,
        churn: Change,
        reactivation: Change,
      }),
      byDay: z.array(
        z.object({
          day: z.string(),
          new: z.int(),
          expansion: z.int(),
          contraction: z.int(),
          churn: z.int(),
          reactivation: z.int(),
          /** MRR after this day. */
          cents: z.int(),
        }),
      ),
    }),
  ),
  revenue: z.array(
    z.object({
      currency: z.string(),
      cents: z.int(),
      payments: z.int(),
      refundedCents: z.int(),
      refunds: z.int(),
      byDay: z.array(z.object({ day: z.string(), cents: z.int(), refundedCents: z.int() })),
    }),
  ),
  trials: z.object({
    running: z.int(),
    started: z.int(),
    ended: z.int(),
    converted: z.int(),
    /** Of the trials that ended, the share that paid since; null if none ended. */
    conversionRate: z.number().nullable(),
  }),
  pastDue: z.object({
    subscriptions: z.int(),
    /** What they add to MRR. */
    mrr: z.array(Money),
  }),
  recovered: z.object({ payments: z.int(), revenue: z.array(Money) }),
  signUps: z.object({ count: z.int(), byDay: z.array(z.object({ day: z.string(), count: z.int() })) }),
  webhooks: z.object({ failed: z.int() }),
  jobs: z.object({ queued: z.int(), retry: z.int(), failed: z.int() }),
  mails: z.object({ queued: z.int(), failed: z.int(), sentLast24h: z.int() }),
})
export type Overview = z.infer<typeof Overview>

const Owner = z.object(owned)

export const ListMrrChangesInput = PageInput.extend({
  from: day.optional(),
  to: day.optional(),
  kind: z.enum(MRR_KINDS).optional(),
  currency: z.string().length(3, 'must be a currency code').toLowerCase().optional(),
})
export type ListMrrChangesInput = z.infer<typeof ListMrrChangesInput>
export const MrrChangeView = z.object({
  id: z.uuid(),
  day: z.string(),
  kind: z.enum(MRR_KINDS),
  currency: z.string(),
  /** What the account paid per month before that day and after it. */
  fromCents: z.int(),
  toCents: z.int(),
  /** Null if the account was deleted since. */
  owner: Owner.nullable(),
})
export type MrrChangeView = z.infer<typeof MrrChangeView>
export const MrrChangePage = pageOf(MrrChangeView)

export const ListTrialsInput = PageInput.extend({
  /** `ending` ends within three days. `converted` ended and paid since. */
  state: z.enum(['running', 'ending', 'started', 'ended', 'converted']),
  /** The days on which the trial started, or ended; for running ones, they say nothing. */
  from: day.optional(),
  to: day.optional(),
})
export type ListTrialsInput = z.infer<typeof ListTrialsInput>
export const TrialView = z.object({
  subscriptionId: z.uuid(),
  planCode: z.string(),
  planName: z.string(),
  status: SubscriptionView.shape.status,
  trialStart: z.date(),
  trialEnd: z.date().nullable(),
  /** When the first invoice was made that was paid. */
  convertedAt: z.date().nullable(),
  owner: Owner.nullable(),
})
export type TrialView = z.infer<typeof TrialView>
export const TrialPage = pageOf(TrialView)

/** The kinds of findings that wait for a person. */
export const WAITING_FINDINGS = ['unknown_at_provider', 'against_rules', 'refund_refused'] as const

/** The lists that a figure leads to, and the filters that show its rows. */
const Target = z.discriminatedUnion('list', [
  z.object({ list: z.literal('webhookEvents'), filters: z.object({ status: z.literal('failed') }) }),
  z.object({ list: z.literal('jobs'), filters: z.object({ state: z.literal('failed') }) }),
  z.object({ list: z.literal('mails'), filters: z.object({ state: z.literal('failed') }) }),
  z.object({ list: z.literal('disputes'), filters: z.object({ status: z.literal('needs_response') }) }),
  z.object({
    list: z.literal('findings'),
    filters: z.object({ kind: z.enum(WAITING_FINDINGS), isOpen: z.literal(true) }),
  }),
  z.object({ list: z.literal('subscriptions'), filters: z.object({ status: z.enum(['past_due', 'unpaid']) }) }),
  z.object({ list: z.literal('trials'), filters: z.object({ state: z.literal('ending') }) }),
  z.object({ list: z.literal('queues'), filters: z.object({}) }),
])

export const Attention = z.object({
  items: z.array(
    z.object({
      kind: z.enum([
        'jobs_overdue',
        'sweep_overdue',
        'disputes',
        'failed_webhook_events',
        'failed_jobs',
        'failed_mails',
        ...WAITING_FINDINGS,
        'past_due',
        'unpaid',
        'trials_ending',
      ]),
      severity: z.enum(['critical', 'warning', 'info']),
      count: z.int(),
      /** Since when the oldest of them waits; null if it is not known. */
      since: z.date().nullable(),
      /** By when the first of them needs an answer; null if there is no such date. */
      due: z.date().nullable(),
      target: Target,
    }),
  ),
})
export type Attention = z.infer<typeof Attention>
export type AttentionItem = Attention['items'][number]
