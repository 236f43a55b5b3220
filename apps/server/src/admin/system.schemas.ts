import { z } from 'zod'
import { moment, storableText } from '../platform/values.schemas.ts'
import { id, owned, Owner, PageInput, pageOf } from './admin.schemas.ts'

const account = owned.account
/** A list's time range. Both moments are included. */
const range = { from: moment.optional(), to: moment.optional() }
const reference = z.string().regex(/^[\w-]{1,255}$/, 'must be an id')
const changed = z.record(z.string(), z.unknown()).nullable()

// Events

const EventStatus = z.enum(['received', 'processed', 'ignored', 'failed'])
export const ListWebhookEventsInput = PageInput.extend({
  status: EventStatus.optional(),
  type: z
    .string()
    .regex(/^[\w.]{1,100}$/, 'must be an event type')
    .optional(),
  /** The id of the object at the provider that the event is about. */
  objectId: reference.optional(),
  /** The customer's id at the provider. */
  customerId: reference.optional(),
  accountId: id.optional(),
  ...range,
})
export type ListWebhookEventsInput = z.infer<typeof ListWebhookEventsInput>
export const WebhookEventView = z.object({
  id: z.uuid(),
  providerEventId: z.string(),
  type: z.string(),
  status: EventStatus,
  receivedAt: z.date(),
  processedAt: z.date().nullable(),
  attempts: z.int(),
  lastError: z.string().nullable(),
  objectId: z.string().nullable(),
  /** Null if the event names no customer, or one that has no account here. */
  account: account.nullable(),
})
export type WebhookEventView = z.infer<typeof WebhookEventView>
export const WebhookEventPage = pageOf(WebhookEventView)

const RowChange = z.object({
  objectType: z.enum(['subscription', 'payment', 'checkout']),
  objectId: z.string(),
  /** The row's id here; null if it is gone. */
  id: z.uuid().nullable(),
  before: changed,
  after: z.record(z.string(), z.unknown()),
})
export const WebhookEventDetails = WebhookEventView.extend({
  provider: z.string(),
  /** In the provider's time. */
  occurredAt: z.date(),
  /** Only ids, states, amounts and times. */
  payload: z.record(z.string(), z.unknown()),
  hiddenFields: z.int(),
  effect: z.object({
    subscriptionId: z.uuid().nullable(),
    paymentId: z.uuid().nullable(),
    /** What applying it changed in our rows; null if nothing, or if it was not recorded. */
    changes: z.array(RowChange).nullable(),
  }),
})
export type WebhookEventDetails = z.infer<typeof WebhookEventDetails>
export const ReplayedEvents = z.object({ replayed: z.int(), hasMore: z.boolean() })

// Jobs

export const FailedJobView = z.object({
  id: z.uuid(),
  queue: z.string(),
  /** Only the fields that the queue marks as safe to show. */
  data: z.record(z.string(), z.unknown()),
  error: z.string(),
  attempts: z.int(),
  createdAt: z.date(),
})
export type FailedJobView = z.infer<typeof FailedJobView>
export const FailedJobPage = pageOf(FailedJobView)

const queue = z.string().regex(/^[a-z0-9.-]{1,64}$/, 'must be the name of a queue')
export const QueueInput = z.object({ queue: queue.optional() })
export const ListJobsInput = PageInput.extend({
  state: z.enum(['queued', 'running', 'retry', 'failed']),
  queue: queue.optional(),
})
export type ListJobsInput = z.infer<typeof ListJobsInput>
export const JobView = FailedJobView.extend({
  state: ListJobsInput.shape.state,
  /** The error of the last attempt; null if none has failed. */
  error: z.string().nullable(),
  /** When a worker may run it. */
  dueAt: z.date(),
  startedAt: z.date().nullable(),
})
export type JobView = z.infer<typeof JobView>
export const JobPage = pageOf(JobView)
export const QueueCounts = z.object({
  /** A count that reaches this means at least that many. */
  maximum: z.int(),
  queues: z.array(
    z.object({
      queue: z.string(),
      queued: z.int(),
      running: z.int(),
      retry: z.int(),
      failed: z.int(),
      /** Seconds that the oldest job which is due has waited. */
      oldest: z.number(),
    }),
  ),
})
export type QueueCounts = z.infer<typeof QueueCounts>
export const RetriedJobs = z.object({ retried: z.int(), hasMore: z.boolean() })
export const ScheduleView = z.object({
  queue: z.string(),
  cron: z.string(),
  nextRunAt: z.date().nullable(),
  lastRun: z
    .object({
      startedAt: z.date().nullable(),
      finishedAt: z.date().nullable(),
      result: z.enum(['waiting', 'running', 'retry', 'succeeded', 'failed']),
      error: z.string().nullable(),
    })
    .nullable(),
})
export type ScheduleView = z.infer<typeof ScheduleView>
export const Schedule = z.array(ScheduleView)

// Mails

const MailState = z.enum(['queued', 'sent', 'failed', 'expired'])
export const ListMailsInput = PageInput.extend({
  template: z
    .string()
    .regex(/^[a-z-]{1,64}$/, 'must be the name of a template')
    .optional(),
  state: MailState.optional(),
  /** A whole address, in any letter case. */
  email: storableText.trim().toLowerCase().min(1).max(254).optional(),
  /** Only what was sent in the last 24 hours. */
  sentLast24h: z.literal(true).optional(),
  ...range,
})
export type ListMailsInput = z.infer<typeof ListMailsInput>
export const MailView = z.object({
  id: z.uuid(),
  template: z.string(),
  email: z.string(),
  /** Null if the content was not stored. */
  subject: z.string().nullable(),
  state: MailState,
  createdAt: z.date(),
  sentAt: z.date().nullable(),
  /** What the mail server said at the last attempt that failed. */
  lastError: z.string().nullable(),
})
export type MailView = z.infer<typeof MailView>
export const MailPage = pageOf(MailView)
/** Why a mail can't be sent again. */
const NotResendable = z.enum(['waiting', 'content-unknown', 'code', 'link-used', 'address-gone', 'fact-over'])
export type NotResendable = z.infer<typeof NotResendable>
export const MailDetails = MailView.extend({
  /** What it is about: `template:object:occurrence`. */
  fact: z.string(),
  /** As the recipient sees it, but links and codes don't work. */
  preview: z.object({ subject: z.string(), html: z.string(), text: z.string() }).nullable(),
  /** Null if it can be sent again. */
  notResendable: NotResendable.nullable(),
  /** The user with this address, if there is one. */
  userId: z.uuid().nullable(),
})
export type MailDetails = z.infer<typeof MailDetails>
export const ResentMail = z.object({ id: z.uuid() })
export const MailTemplates = z.array(z.object({ template: z.string(), samples: z.array(z.string()) }))
export const PreviewMailInput = z.object({ sample: z.string().regex(/^[a-z-]{1,64}$/, 'must be the name of a sample') })
export const SamplePreview = z.object({
  sample: z.string(),
  template: z.string(),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
})

// Findings

const FindingKind = z.enum(['event_recovered', 'corrected', 'unknown_at_provider', 'against_rules', 'refund_refused'])
const FindingObject = z.enum(['event', 'subscription', 'payment', 'checkout'])
export const ListFindingsInput = PageInput.extend({
  kind: FindingKind.optional(),
  objectType: FindingObject.optional(),
  objectId: reference.optional(),
  accountId: id.optional(),
  /** Whether it waits for a person. */
  isOpen: z.boolean().optional(),
  ...range,
})
export type ListFindingsInput = z.infer<typeof ListFindingsInput>
export const FindingView = z.object({
  id: z.uuid(),
  foundAt: z.date(),
  kind: FindingKind,
  objectType: FindingObject,
  objectId: z.string(),
  account: account.nullable(),
  before: changed,
  after: changed,
  /** Whether it waits for a person. */
  isOpen: z.boolean(),
  resolution: z.object({ at: z.date(), by: Owner.nullable(), note: z.string() }).nullable(),
})
export type FindingView = z.infer<typeof FindingView>
export const FindingPage = pageOf(FindingView)
export const ResolveFindingInput = z.object({ id, note: storableText.trim().min(1, 'is missing').max(1000) })
export type ResolveFindingInput = z.infer<typeof ResolveFindingInput>

// Audit

export const ListAuditInput = PageInput.extend({
  actorId: id.optional(),
  /** The whole address of the person who acted. */
  actorEmail: storableText.trim().toLowerCase().min(1).max(254).optional(),
  action: z
    .string()
    .regex(/^[\w.]{1,64}$/, 'must be the name of an action')
    .optional(),
  targetType: z
    .string()
    .regex(/^[a-z_]{1,32}$/, 'must be a type of target')
    .optional(),
  targetId: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be an id')
    .optional(),
  ...range,
})
export type ListAuditInput = z.infer<typeof ListAuditInput>
export const AuditEntryView = z.object({
  id: z.uuid(),
  /** Null for changes made by the system or by an operator on the command line. */
  actor: Owner.nullable(),
  action: z.string(),
  targetType: z.string(),
  targetId: z.string(),
  before: changed,
  after: changed,
  requestId: z.string().nullable(),
  ip: z.string().nullable(),
  createdAt: z.date(),
})
export type AuditEntryView = z.infer<typeof AuditEntryView>
export const AuditPage = pageOf(AuditEntryView)

// Settings

const SettingView = z.object({
  name: z.string(),
  description: z.string(),
  /** Secrets are masked in full. Null if it is not set and has no default. */
  value: z.string().nullable(),
  isSecret: z.boolean(),
  origin: z.enum(['set', 'default', 'unset']),
})
const ProcessView = z.object({
  /** What it runs: jobs, or requests. */
  kind: z.enum(['work', 'serve']),
  host: z.string(),
  pid: z.int(),
  node: z.string(),
  startedAt: z.date(),
  seenAt: z.date(),
  /** `quiet`: it has missed three heartbeats. */
  state: z.enum(['alive', 'quiet', 'stopped']),
})
export const SystemSettings = z.object({
  settings: z.array(SettingView),
  versions: z.object({
    tollgate: z.string(),
    node: z.string(),
    postgresql: z.string(),
    migration: z.string().nullable(),
    stripeApi: z.string(),
  }),
  processes: z.array(ProcessView),
})
export type SystemSettings = z.infer<typeof SystemSettings>
export const DoctorReport = z.object({
  checkedAt: z.date(),
  findings: z.array(z.object({ about: z.string(), state: z.enum(['fine', 'odd', 'wrong']), text: z.string() })),
})
export type DoctorReport = z.infer<typeof DoctorReport>
