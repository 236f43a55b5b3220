import { replayEvent, replayFailedEvents } from '../billing/index.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import type { AdminDeps } from './admin-scope.ts'
import { ById, Nothing, PageInput } from './admin.schemas.ts'
import {
  AuditPage,
  DoctorReport,
  FailedJobPage,
  FindingPage,
  JobPage,
  ListAuditInput,
  ListFindingsInput,
  ListJobsInput,
  ListMailsInput,
  ListWebhookEventsInput,
  MailDetails,
  MailPage,
  MailTemplates,
  PreviewMailInput,
  QueueCounts,
  QueueInput,
  ReplayedEvents,
  ResentMail,
  ResolveFindingInput,
  RetriedJobs,
  SamplePreview,
  Schedule,
  SystemSettings,
  WebhookEventDetails,
  WebhookEventPage,
} from './system.schemas.ts'
import { countJobs } from './system/count-jobs.ts'
import { discardJob } from './system/discard-job.ts'
import { createExamination } from './system/examine.ts'
import { getMail } from './system/get-mail.ts'
import { getWebhookEvent } from './system/get-webhook-event.ts'
import { listAudit } from './system/list-audit.ts'
import { listFailedJobs } from './system/list-failed-jobs.ts'
import { listFindings } from './system/list-findings.ts'
import { listJobs } from './system/list-jobs.ts'
import { listMails } from './system/list-mails.ts'
import { listSchedule } from './system/list-schedule.ts'
import { listWebhookEvents } from './system/list-webhook-events.ts'
import { listTemplates, previewSample } from './system/preview-samples.ts'
import { readSettings } from './system/read-settings.ts'
import { resendMail } from './system/resend-mail.ts'
import { resolveFinding } from './system/resolve-finding.ts'
import { retryFailedJobs, retryJob } from './system/retry-job.ts'

/** What runs below the business: events, jobs, mails, findings, the audit log, and settings. */
export function createSystemRouters({ billing, mail, queues, installation }: AdminDeps) {
  const scopeOf = scopeWith({ billing, mail, queues, installation })
  const examine = createExamination(installation)

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

      get: adminProcedure
        .input(ById)
        .output(WebhookEventDetails)
        .query(({ ctx, input }) => getWebhookEvent(scopeOf(ctx), input)),

      replay: adminProcedure
        .input(ById)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await replayEvent(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),

      replayFailed: adminProcedure
        .output(ReplayedEvents)
        .mutation(({ ctx }) => replayFailedEvents(scopeOf(ctx), auditActor(ctx))),
    }),

    jobs: router({
      counts: adminProcedure.output(QueueCounts).query(({ ctx }) => countJobs(scopeOf(ctx))),

      list: adminProcedure
        .input(ListJobsInput)
        .output(JobPage)
        .query(({ ctx, input }) => listJobs(scopeOf(ctx), input)),

      failed: adminProcedure
        .input(PageInput)
        .output(FailedJobPage)
        .query(({ ctx, input }) => listFailedJobs(scopeOf(ctx), input)),

      schedule: adminProcedure.output(Schedule).query(({ ctx }) => listSchedule(scopeOf(ctx))),

      retry: adminProcedure
        .input(ById)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await retryJob(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),

      retryAll: adminProcedure
        .input(QueueInput)
        .output(RetriedJobs)
        .mutation(({ ctx, input }) => retryFailedJobs(scopeOf(ctx), auditActor(ctx), input)),

      discard: adminProcedure
        .input(ById)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await discardJob(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),
    }),

    mails: router({
      list: adminProcedure
        .input(ListMailsInput)
        .output(MailPage)
        .query(({ ctx, input }) => listMails(scopeOf(ctx), input)),

      get: adminProcedure
        .input(ById)
        .output(MailDetails)
        .query(({ ctx, input }) => getMail(scopeOf(ctx), input)),

      resend: adminProcedure
        .input(ById)
        .output(ResentMail)
        .mutation(({ ctx, input }) => resendMail(scopeOf(ctx), auditActor(ctx), input)),

      templates: adminProcedure.output(MailTemplates).query(() => listTemplates()),

      preview: adminProcedure
        .input(PreviewMailInput)
        .output(SamplePreview)
        .query(({ input }) => previewSample({ mail }, input)),
    }),

    findings: router({
      list: adminProcedure
        .input(ListFindingsInput)
        .output(FindingPage)
        .query(({ ctx, input }) => listFindings(scopeOf(ctx), input)),

      resolve: adminProcedure
        .input(ResolveFindingInput)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await resolveFinding(scopeOf(ctx), auditActor(ctx), input)
          return {}
        }),
    }),

    settings: adminProcedure.output(SystemSettings).query(({ ctx }) => readSettings(scopeOf(ctx))),

    doctor: adminProcedure.output(DoctorReport).query(({ ctx }) => examine(ctx)),
  }
}
