import { when } from './lists/cells.ts'
import { defineExport } from './lists/export-list.ts'
import {
  ListAuditInput,
  ListFindingsInput,
  ListJobsInput,
  ListMailsInput,
  ListWebhookEventsInput,
} from './system.schemas.ts'
import { listAudit } from './system/list-audit.ts'
import { listFindings } from './system/list-findings.ts'
import { listJobs } from './system/list-jobs.ts'
import { listMails } from './system/list-mails.ts'
import { listWebhookEvents } from './system/list-webhook-events.ts'

const json = (value: object | null): string => (value === null ? '' : JSON.stringify(value))
const PAGING = { cursor: true, limit: true } as const

/** The operators' files about events, jobs, mails, findings and the audit log. Times are in UTC. */
export const systemExports = [
  defineExport({
    name: 'events',
    filters: ListWebhookEventsInput.omit(PAGING),
    header: [
      ...['id', 'provider_event', 'type', 'status', 'received', 'processed', 'attempts', 'object', 'account'],
      ...['account_name', 'last_error'],
    ],
    list: listWebhookEvents,
    cells: (row) => [
      ...[row.id, row.providerEventId, row.type, row.status, when(row.receivedAt), when(row.processedAt)],
      ...[String(row.attempts), row.objectId ?? '', row.account?.id ?? '', row.account?.name ?? ''],
      row.lastError ?? '',
    ],
  }),
  defineExport({
    name: 'jobs',
    filters: ListJobsInput.omit(PAGING),
    header: ['id', 'queue', 'state', 'about', 'attempts', 'created', 'due', 'started', 'error'],
    list: listJobs,
    cells: (row) => [
      ...[row.id, row.queue, row.state, json(row.data), String(row.attempts), when(row.createdAt), when(row.dueAt)],
      ...[when(row.startedAt), row.error ?? ''],
    ],
  }),
  defineExport({
    name: 'mails',
    filters: ListMailsInput.omit(PAGING),
    header: ['id', 'template', 'email', 'state', 'queued', 'sent', 'last_error'],
    list: listMails,
    cells: (row) => [
      ...[row.id, row.template, row.email, row.state, when(row.createdAt), when(row.sentAt), row.lastError ?? ''],
    ],
  }),
  defineExport({
    name: 'findings',
    filters: ListFindingsInput.omit(PAGING),
    header: [
      ...['id', 'found', 'kind', 'object_type', 'object', 'account', 'account_name', 'before', 'after', 'open'],
      ...['resolved', 'resolved_by', 'note'],
    ],
    list: listFindings,
    cells: ({ resolution, ...row }) => [
      ...[row.id, when(row.foundAt), row.kind, row.objectType, row.objectId, row.account?.id ?? ''],
      ...[row.account?.name ?? '', json(row.before), json(row.after), String(row.isOpen)],
      ...[when(resolution?.at ?? null), resolution?.by?.email ?? '', resolution?.note ?? ''],
    ],
  }),
  defineExport({
    name: 'audit',
    filters: ListAuditInput.omit(PAGING),
    header: ['id', 'at', 'actor', 'actor_email', 'action', 'target_type', 'target', 'before', 'after', 'request', 'ip'],
    list: listAudit,
    cells: (row) => [
      ...[row.id, when(row.createdAt), row.actor?.id ?? '', row.actor?.email ?? '', row.action, row.targetType],
      ...[row.targetId, json(row.before), json(row.after), row.requestId ?? '', row.ip ?? ''],
    ],
  }),
]
