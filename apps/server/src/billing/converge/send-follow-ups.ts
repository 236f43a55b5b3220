import {
  CancelSuperseded,
  EndBilling,
  ExpireCheckouts,
  KeepDiscounts,
  ReleaseSchedule,
  ReturnLatePayment,
  ReverseSubscription,
  SettleUpcoming,
  SyncOverage,
  SyncSeats,
  GiveOwedCredit,
} from '../billing.queues.ts'
import type { LockedScope } from '../customers/under-lock.ts'
import { queuePlanChangedMail } from '../mails/queue-plan-changed-mail.ts'
import { queueStartedMail } from '../mails/queue-started-mail.ts'
import type { ProviderInvoice } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'

/** What a convergence leads to: jobs that call the provider without holding the lock, and a mail. */
export type FollowUp =
  /** Another subscription has taken its place. */
  | { kind: 'cancel-superseded'; subscriptionId: string }
  /** It should never have been bought. */
  | { kind: 'reverse-subscription'; subscriptionId: string }
  /** A change of plan has promised a credit and not given it. */
  | { kind: 'give-owed-credit'; subscriptionId: string }
  /** The quantity at the provider is not the number of members. */
  | { kind: 'sync-seats'; accountId: string }
  /** What the provider bills by use is not what the plan does. */
  | { kind: 'sync-overage'; accountId: string }
  /** Our schedule has taken effect, or a plan change failed before it could schedule anything. */
  | { kind: 'release-schedule'; subscriptionId: string }
  /** A discount was added after a change of plan was scheduled. */
  | { kind: 'keep-discounts'; subscriptionId: string }
  /** A renewal was collected for a closed account. */
  | { kind: 'return-late-payment'; paymentId: string }
  /** The customer's open checkout pages may sell something outdated. */
  | { kind: 'expire-checkouts'; customerId: string }
  /** A closed account has a subscription that is not set to cancel. */
  | { kind: 'end-for-closed-account'; accountId: string }
  /** A subscription that is scheduled to start may have to be made way for, or may begin. */
  | { kind: 'settle-upcoming'; upcomingId: string }
  /** A subscription that waited has begun, and is paid. */
  | { kind: 'mail-started'; subscription: Subscription; invoice: ProviderInvoice }
  /** An upgrade is complete. `by` is the new subscription's id at the provider. */
  | { kind: 'mail-plan-changed'; subscription: Subscription; by: string; invoice: ProviderInvoice | null }

/** Sends all follow-ups of a convergence, as part of its transaction. */
export async function sendFollowUps(locked: LockedScope, followUps: readonly FollowUp[]): Promise<void> {
  for (const followUp of followUps) await send(locked, followUp)
}

async function send(locked: LockedScope, followUp: FollowUp): Promise<void> {
  const { em, jobs } = locked
  switch (followUp.kind) {
    case 'cancel-superseded':
      return jobs.send(em, CancelSuperseded, { subscriptionId: followUp.subscriptionId })
    case 'reverse-subscription':
      return jobs.send(em, ReverseSubscription, { subscriptionId: followUp.subscriptionId })
    case 'give-owed-credit':
      return jobs.send(em, GiveOwedCredit, { subscriptionId: followUp.subscriptionId })
    case 'sync-seats':
      return jobs.send(em, SyncSeats, { accountId: followUp.accountId })
    case 'sync-overage':
      return jobs.send(em, SyncOverage, { accountId: followUp.accountId })
    case 'release-schedule':
      return jobs.send(em, ReleaseSchedule, { subscriptionId: followUp.subscriptionId })
    case 'keep-discounts':
      return jobs.send(em, KeepDiscounts, { subscriptionId: followUp.subscriptionId })
    case 'return-late-payment':
      return jobs.send(em, ReturnLatePayment, { paymentId: followUp.paymentId })
    case 'expire-checkouts':
      return jobs.send(em, ExpireCheckouts, { customerId: followUp.customerId })
    case 'end-for-closed-account':
      return jobs.send(em, EndBilling, { accountId: followUp.accountId })
    case 'settle-upcoming':
      return jobs.send(em, SettleUpcoming, { upcomingId: followUp.upcomingId })
    case 'mail-started':
      return queueStartedMail(locked, followUp.subscription, followUp.invoice)
    case 'mail-plan-changed':
      return queuePlanChangedMail(locked, followUp.subscription, {
        occurrence: followUp.by,
        invoice: followUp.invoice,
      })
  }
}
