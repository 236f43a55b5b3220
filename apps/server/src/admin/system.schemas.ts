import { z } from 'zod'
import { id, Owner, PageInput, pageOf } from './admin.schemas.ts'

export const ListWebhookEventsInput = PageInput.extend({
  status: z.enum(['received', 'processed', 'ignored', 'failed']).optional(),
  type: z
    .string()
    .regex(/^[\w.]{1,100}$/, 'must be an event type')
    .optional(),
})
export type ListWebhookEventsInput = z.infer<typeof ListWebhookEventsInput>
export const WebhookEventView = z.object({
  id: z.uuid(),
  providerEventId: z.string(),
  type: z.string(),
  status: z.enum(['received', 'processed', 'ignored', 'failed']),
  receivedAt: z.date(),
  processedAt: z.date().nullable(),
  attempts: z.int(),
  lastError: z.string().nullable(),
})
export type WebhookEventView = z.infer<typeof WebhookEventView>
export const WebhookEventPage = pageOf(WebhookEventView)

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

export const ListAuditInput = PageInput.extend({
  actorId: id.optional(),
  action: z
    .string()
    .regex(/^[\w.]{1,64}$/, 'must be the name of an action')
    .optional(),
  targetId: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be an id')
    .optional(),
})
export type ListAuditInput = z.infer<typeof ListAuditInput>
const changed = z.record(z.string(), z.unknown()).nullable()
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
