import { replayEvent } from '../billing/index.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import type { AdminDeps } from './admin-scope.ts'
import { ById, Nothing, PageInput } from './admin.schemas.ts'
import { AuditPage, FailedJobPage, ListAuditInput, ListWebhookEventsInput, WebhookEventPage } from './system.schemas.ts'
import { listAudit } from './system/list-audit.ts'
import { listFailedJobs } from './system/list-failed-jobs.ts'
import { listWebhookEvents } from './system/list-webhook-events.ts'
import { retryJob } from './system/retry-job.ts'

/** The procedures about what runs below the business: events, jobs, and the audit log. */
export function createSystemRouters({ billing, queues }: AdminDeps) {
  const scopeOf = scopeWith({ billing })

  return {
    audit: router({
      list: adminProcedure
        .input(ListAuditInput)
        .output(AuditPage)
        .query(({ ctx, input }) => listAudit(scopeOf(ctx), input)),
    }),

    webhookEvents: router({
      list: adminProcedure
        .input(ListWebhookEventsInput)
        .output(WebhookEventPage)
        .query(({ ctx, input }) => listWebhookEvents(scopeOf(ctx), input)),

      replay: adminProcedure
        .input(ById)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await replayEvent(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),
    }),

    jobs: router({
      failed: adminProcedure
        .input(PageInput)
        .output(FailedJobPage)
        .query(({ ctx, input }) => listFailedJobs({ em: ctx.em, queues }, input)),

      retry: adminProcedure
        .input(ById)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await retryJob(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),
    }),
  }
}
