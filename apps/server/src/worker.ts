import { MembersChanged, OrganizationClosed, OwnersChanged } from './accounts/index.ts'
import { addUpPlanCounts, CountDays, countDays } from './admin/index.ts'
import {
  AccountClosed,
  EmailChanged,
  mailLoginCode,
  mailResetLink,
  RequestedLoginCode,
  RequestedPasswordReset,
  type RequestedMail,
} from './auth/index.ts'
import {
  applyEvent,
  ApplyPaymobEvent,
  ApplyStripeEvent,
  archiveAgain,
  ArchiveAgain,
  cancelSuperseded,
  CancelSuperseded,
  endAtProvider,
  endForClosedAccount,
  EndBilling,
  EndDiscount,
  EndForClosedAccount,
  expireCheckouts,
  ExpireCheckouts,
  expireCrowdedCheckouts,
  expirePlanCheckouts,
  ExpirePlanCheckouts,
  expireSubscriptions,
  ExpireSubscriptions,
  finishCardPage,
  FinishCardPage,
  freeReservations,
  FreeReservations,
  JOB_PROVIDER_BUDGET,
  keepDiscounts,
  KeepDiscounts,
  mailEndedSubscriptions,
  MailEndedSubscriptions,
  moveSubscribers,
  MoveSubscribers,
  recheck,
  Recheck,
  reconcile,
  Reconcile,
  returnLatePayment,
  ReturnLatePayment,
  reverseSubscription,
  ReverseSubscription,
  settleUpcoming,
  SettleUpcoming,
  giveOwedCredit,
  GiveOwedCredit,
  releaseSchedule,
  ReleaseSchedule,
  syncPlan,
  SyncPlan,
  reportOverage,
  ReportOverage,
  syncOverage,
  SyncOverage,
  syncSeats,
  SyncSeats,
  takeDunningSteps,
  TakeDunningSteps,
  updateAccountEmail,
  updateCustomerEmail,
  warnOfCards,
  WarnOfCards,
  warnOfLostCodes,
  WarnOfLostCodes,
  withTimeBudget,
  type CallingScope,
} from './billing/index.ts'
import { openScope, type Deps, type FullScope } from './deps.ts'
import { ownJobRoutes, type OwnQueues } from './extension/index.ts'
import { SendMail, sendMail } from './mail/index.ts'
import { route, type JobAttempt, type JobRoute } from './platform/jobs/job-runner.ts'
import type { QueueDefinition } from './platform/jobs/jobs.ts'
import { removeOld } from './platform/retention/remove-old.ts'
import { RemoveOld } from './platform/retention/retention.queues.ts'
import { retentionRules } from './retention-rules.ts'

/** Every queue of the server itself. */
export const queues = [
  AccountClosed,
  ApplyPaymobEvent,
  ApplyStripeEvent,
  ArchiveAgain,
  CancelSuperseded,
  CountDays,
  EmailChanged,
  EndBilling,
  EndDiscount,
  EndForClosedAccount,
  ExpireCheckouts,
  ExpirePlanCheckouts,
  ExpireSubscriptions,
  FinishCardPage,
  KeepDiscounts,
  FreeReservations,
  MailEndedSubscriptions,
  MembersChanged,
  MoveSubscribers,
  OrganizationClosed,
  OwnersChanged,
  Recheck,
  Reconcile,
  ReleaseSchedule,
  RequestedLoginCode,
  RemoveOld,
  RequestedPasswordReset,
  ReturnLatePayment,
  ReverseSubscription,
  SendMail,
  SettleUpcoming,
  GiveOwedCredit,
  ReportOverage,
  SyncOverage,
  SyncPlan,
  SyncSeats,
  TakeDunningSteps,
  WarnOfCards,
  WarnOfLostCodes,
] as const

/** The same with those of the configuration's jobs. `migrate` creates them. */
export const queuesOf = (extension: { readonly queues: OwnQueues }) => [...queues, ...extension.queues.values()]

/** Different minutes, so that the hourly jobs don't run at once. */
const HOURLY = '7 * * * *'
const HOURLY_LATER = '37 * * * *'
/** Before the sweep, so that the sweep sees what Stripe says. */
const HOURLY_BEFORE = '52 * * * *'
const EVERY_FIVE_MINUTES = '*/5 * * * *'
const EVERY_MINUTE = '* * * * *'

/**
 * The worker's table: the use case and the schedule of each queue.
 *
 * @param stopping is aborted when the process has to stop. Long jobs then end early, and the next one continues.
 */
export function createJobRoutes(deps: Deps, stopping?: AbortSignal): JobRoute[] {
  const handledBy =
    <Data>(
      queue: QueueDefinition<Data & object>,
      useCase: (scope: FullScope, data: Data, jobId: string) => Promise<unknown>,
    ) =>
    async (data: Data, { id }: JobAttempt) => {
      await useCase(openScope(deps, { queue: queue.name, jobId: id }), data, id)
    }
  /** For a use case that calls the payment provider and holds no lock meanwhile. */
  const calledBy = <Data>(
    queue: QueueDefinition<Data & object>,
    useCase: (scope: CallingScope, data: Data) => Promise<unknown>,
  ) => handledBy(queue, (scope, data: Data) => useCase(withTimeBudget(scope, JOB_PROVIDER_BUDGET), data))
  /** For a queue that names a user: a personal account has its user's id. */
  const personalAccount =
    (useCase: (scope: FullScope, of: { accountId: string }) => Promise<unknown>) =>
    (scope: FullScope, { userId }: { userId: string }) =>
      useCase(scope, { accountId: userId })
  const followMembers = async (scope: FullScope, of: { accountId: string }) => {
    await expireCrowdedCheckouts(withTimeBudget(scope, JOB_PROVIDER_BUDGET), of)
    await syncSeats(scope, of)
  }
  const mailReset = (scope: FullScope, request: RequestedMail, tokenId: string) =>
    mailResetLink(scope, { ...request, tokenId })
  const mailCode = (scope: FullScope, request: RequestedMail, requestId: string) =>
    mailLoginCode(scope, { ...request, requestId })

  return [
    route(ApplyPaymobEvent, handledBy(ApplyPaymobEvent, applyEvent)),
    route(ApplyStripeEvent, handledBy(ApplyStripeEvent, applyEvent)),
    route(ExpireSubscriptions, handledBy(ExpireSubscriptions, expireSubscriptions), HOURLY),
    route(FreeReservations, handledBy(FreeReservations, freeReservations), HOURLY_LATER),
    route(Reconcile, handledBy(Reconcile, reconcile), HOURLY_BEFORE),
    route(
      Recheck,
      handledBy(Recheck, async (scope) => recheck(scope, { stopping })),
      EVERY_MINUTE,
    ),
    route(
      CountDays,
      handledBy(CountDays, async (scope) => {
        await addUpPlanCounts(scope)
        await countDays(scope, { stopping })
      }),
      EVERY_FIVE_MINUTES,
    ),
    route(
      MoveSubscribers,
      handledBy(MoveSubscribers, async (scope) => moveSubscribers(scope, { stopping })),
      EVERY_MINUTE,
    ),
    route(TakeDunningSteps, handledBy(TakeDunningSteps, takeDunningSteps), EVERY_MINUTE),
    route(
      WarnOfCards,
      handledBy(WarnOfCards, async (scope) => warnOfCards(scope, { stopping })),
      HOURLY_BEFORE,
    ),
    route(
      WarnOfLostCodes,
      handledBy(WarnOfLostCodes, async (scope) => warnOfLostCodes(scope, { stopping })),
      HOURLY_BEFORE,
    ),
    route(MailEndedSubscriptions, handledBy(MailEndedSubscriptions, mailEndedSubscriptions)),
    route(
      RemoveOld,
      handledBy(RemoveOld, async (scope) =>
        removeOld(scope, retentionRules(deps.config, scope.clock.now()), { stopping }),
      ),
      HOURLY_LATER,
    ),
    route(RequestedLoginCode, handledBy(RequestedLoginCode, mailCode)),
    route(RequestedPasswordReset, handledBy(RequestedPasswordReset, mailReset)),
    route(AccountClosed, handledBy(AccountClosed, personalAccount(endForClosedAccount))),
    route(EndBilling, handledBy(EndBilling, endForClosedAccount)),
    route(EndForClosedAccount, handledBy(EndForClosedAccount, personalAccount(endForClosedAccount))),
    route(OrganizationClosed, handledBy(OrganizationClosed, endForClosedAccount)),
    route(MembersChanged, handledBy(MembersChanged, followMembers)),
    route(OwnersChanged, handledBy(OwnersChanged, updateAccountEmail)),
    route(EmailChanged, handledBy(EmailChanged, updateCustomerEmail)),
    route(CancelSuperseded, calledBy(CancelSuperseded, cancelSuperseded)),
    route(ReturnLatePayment, calledBy(ReturnLatePayment, returnLatePayment)),
    route(ReverseSubscription, calledBy(ReverseSubscription, reverseSubscription)),
    route(FinishCardPage, handledBy(FinishCardPage, finishCardPage)),
    route(GiveOwedCredit, handledBy(GiveOwedCredit, giveOwedCredit)),
    route(SettleUpcoming, handledBy(SettleUpcoming, settleUpcoming)),
    route(KeepDiscounts, handledBy(KeepDiscounts, keepDiscounts)),
    route(EndDiscount, calledBy(EndDiscount, endAtProvider)),
    route(ReleaseSchedule, handledBy(ReleaseSchedule, releaseSchedule)),
    route(ExpireCheckouts, calledBy(ExpireCheckouts, expireCheckouts)),
    route(ExpirePlanCheckouts, calledBy(ExpirePlanCheckouts, expirePlanCheckouts)),
    route(ArchiveAgain, calledBy(ArchiveAgain, archiveAgain)),
    route(SyncPlan, calledBy(SyncPlan, syncPlan)),
    route(
      ReportOverage,
      handledBy(ReportOverage, async (scope) => reportOverage(scope, { stopping })),
      EVERY_MINUTE,
    ),
    route(SyncOverage, calledBy(SyncOverage, syncOverage)),
    route(SyncSeats, handledBy(SyncSeats, syncSeats)),
    route(SendMail, async (job, { id, retryCount }) =>
      sendMail(openScope(deps, { queue: SendMail.name, jobId: id }), job, {
        isLastAttempt: retryCount >= SendMail.retryLimit,
      }),
    ),
    ...ownJobRoutes(deps.extension.config, { billing: deps.billing, queues: deps.extension.queues }, (about) =>
      openScope(deps, about),
    ),
  ]
}
