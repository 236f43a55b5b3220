import { replayEvent } from '../billing/index.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import type { AdminDeps } from './admin-scope.ts'
import {
  AuditPage,
  ById,
  FailedJobPage,
  ListAuditInput,
  ListWebhookEventsInput,
  Nothing,
  PageInput,
  WebhookEventPage,
} from './admin.schemas.ts'
import { createFiguresProcedures } from './figures.router.ts'
import { listAudit } from './list-audit.ts'
import { listFailedJobs } from './list-failed-jobs.ts'
import { listWebhookEvents } from './list-webhook-events.ts'
import { createMoneyRouters } from './money.router.ts'
import { createPeopleRouters } from './people.router.ts'
import { retryJob } from './retry-job.ts'

/** The procedures `admin.*`. Billing implements those that affect money, and every change writes an audit row. */
export function createAdminRouter({ billing, queues }: AdminDeps) {
  const scopeOf = scopeWith({ billing })

  return router({
    ...createFiguresProcedures(billing),
    ...createPeopleRouters({ billing }),
    ...createMoneyRouters(billing),

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
  })
}
