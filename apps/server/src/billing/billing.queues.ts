import { z } from 'zod'
import { defineQueue } from '../platform/jobs/jobs.ts'
import { DEFAULT_PROVIDER, PROVIDERS, type ProviderName } from './provider.schemas.ts'

// Less than the connection pool, all providers together: each job holds a connection while it calls its provider.
const applyEvent = (name: string, concurrency: number) =>
  defineQueue({ name, schema: z.object({ eventId: z.uuid() }), concurrency, shownFields: ['eventId'] })

/** The queues that apply one stored event. Each provider has its own, so that one that is slow delays no other. */
export const ApplyStripeEvent = applyEvent('apply-stripe-event', 4)
export const ApplyPaymobEvent = applyEvent('apply-paymob-event', 2)
export const APPLY_EVENT = { stripe: ApplyStripeEvent, paymob: ApplyPaymobEvent } as const satisfies Record<
  ProviderName,
  unknown
>

/** A round can be long. While one waits or runs, the next one is skipped. */
const ROUND = { policy: 'exclusive', concurrency: 1, expireInSeconds: 3_600 } as const

/** Ends the subscriptions and grants whose time is over, every hour. */
export const ExpireSubscriptions = defineQueue({
  name: 'expire-subscriptions',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/** Closes the reservations that have expired, every hour. Until then they count as given back, too. */
export const FreeReservations = defineQueue({
  name: 'free-reservations',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/** A place in the order of due dates. The date is written as PostgreSQL does, in microseconds. */
const position = z.object({ end: z.string(), id: z.uuid() })

/** Queues the emails for a range of subscriptions that one sweep ended: after `from`, up to and including `to`. */
export const MailEndedSubscriptions = defineQueue({
  name: 'mail-ended-subscriptions',
  schema: z.object({ sweptAt: z.iso.datetime(), from: position, to: position }),
  concurrency: 1,
  shownFields: ['sweptAt'],
})
export type EndedRange = z.infer<typeof MailEndedSubscriptions.schema>

/** Finds and applies, every hour, the changes at the provider whose events we missed. */
export const Reconcile = defineQueue({
  name: 'reconcile',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/**
 * Compares everything with the provider, slice by slice. A job comes every minute; while one runs, the next one is
 * skipped.
 */
export const Recheck = defineQueue({
  name: 'recheck',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/**
 * Moves the subscribers of plans whose operators have ordered it, one by one. A job comes every minute, and with each
 * order; while one runs, the next one is skipped.
 */
export const MoveSubscribers = defineQueue({
  name: 'move-subscribers',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/**
 * Takes the steps of failed renewals that are due. A job comes every minute; while one runs, the next one is skipped.
 */
export const TakeDunningSteps = defineQueue({
  name: 'take-dunning-steps',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/** Tells payers whose scheduled change has lost a promotion code: every hour for a slice, and after an event about one. */
export const WarnOfLostCodes = defineQueue({
  name: 'warn-of-lost-codes',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/** Warns payers, every hour, whose card will have expired when it is charged. */
export const WarnOfCards = defineQueue({
  name: 'warn-of-cards',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/**
 * For jobs that return or credit money at the provider. They are retried for days, not for an hour: a customer who
 * paid twice must get the money back even if no admin looks at the dead-letter queue.
 */
const RETRIED_FOR_DAYS = { retryLimit: 100, retryDelayMax: 3_600, concurrency: 1 }

/** Ends at the provider a subscription that an upgrade replaced, and credits its unused time. */
export const CancelSuperseded = defineQueue({
  name: 'cancel-superseded',
  schema: z.object({ subscriptionId: z.uuid() }),
  ...RETRIED_FOR_DAYS,
  shownFields: ['subscriptionId'],
})

/** Ends and refunds a subscription that should never have been bought. */
export const ReverseSubscription = defineQueue({
  name: 'reverse-subscription',
  schema: z.object({ subscriptionId: z.uuid() }),
  ...RETRIED_FOR_DAYS,
  shownFields: ['subscriptionId'],
})

/** Refunds a renewal that was collected for a closed account, and ends its subscription. */
export const ReturnLatePayment = defineQueue({
  name: 'return-late-payment',
  schema: z.object({ paymentId: z.uuid() }),
  ...RETRIED_FOR_DAYS,
  shownFields: ['paymentId'],
})

/** Gives the credit that a plan change owes, if the call that made the change failed before giving it. */
export const GiveOwedCredit = defineQueue({
  // Keeps its first name, because jobs of an earlier version may still wait under it.
  name: 'settle-change',
  schema: z.object({ subscriptionId: z.uuid() }),
  ...RETRIED_FOR_DAYS,
  shownFields: ['subscriptionId'],
})

/** Pays back what has checked a new card, once its page is paid, and makes the card the primary one. */
export const FinishCardPage = defineQueue({
  name: 'finish-card-page',
  schema: z.object({
    subscriptionId: z.uuid(),
    sessionId: z.string(),
    /** Only the money is left: the card was made the primary one, and the customer may have chosen another since. */
    keepsPrimary: z.boolean().optional(),
  }),
  ...RETRIED_FOR_DAYS,
  shownFields: ['subscriptionId', 'sessionId'],
})

/**
 * Makes way for a subscription that waits at another provider: sets the present one to end, and lets the new one begin
 * when it has ended.
 */
export const SettleUpcoming = defineQueue({
  name: 'settle-upcoming',
  schema: z.object({ upcomingId: z.uuid() }),
  ...RETRIED_FOR_DAYS,
  shownFields: ['upcomingId'],
})

/** Adds the discounts that run on a subscription to our schedule, which would end them. */
export const KeepDiscounts = defineQueue({
  name: 'keep-discounts',
  schema: z.object({ subscriptionId: z.uuid() }),
  ...RETRIED_FOR_DAYS,
  shownFields: ['subscriptionId'],
})

/** Ends the promotion code of a discount at the provider. */
export const EndDiscount = defineQueue({
  name: 'end-discount',
  schema: z.object({ discountId: z.uuid() }),
  ...RETRIED_FOR_DAYS,
  shownFields: ['discountId'],
})

/** Releases our schedule at the provider once it has nothing left to do. */
export const ReleaseSchedule = defineQueue({
  name: 'release-schedule',
  schema: z.object({ subscriptionId: z.uuid() }),
  concurrency: 1,
  shownFields: ['subscriptionId'],
})

// Retried for more than a day. Otherwise an outage of the provider could leave a closed account being charged.
const PATIENTLY = { retryLimit: 120, retryDelayMax: 900 }

/**
 * Ends what a closed account still has at the provider. Auth's `AccountClosed` says that an account was closed; billing
 * sends this when it finds that the account's subscription goes on.
 */
export const EndBilling = defineQueue({
  name: 'end-billing',
  schema: z.object({ accountId: z.uuid() }),
  ...PATIENTLY,
  shownFields: ['accountId'],
})

/** The same from the previous version, which knows personal accounts only. They have their user's id. */
export const EndForClosedAccount = defineQueue({
  name: 'end-for-closed-account',
  schema: z.object({ userId: z.uuid() }),
  ...PATIENTLY,
  shownFields: ['userId'],
})

/** Sets the quantity at the provider to the account's number of members. */
export const SyncSeats = defineQueue({
  name: 'sync-seats',
  schema: z.object({ accountId: z.uuid() }),
  ...PATIENTLY,
  shownFields: ['accountId'],
})

/** Makes what a subscription bills by use at the provider what its plan does. */
export const SyncOverage = defineQueue({
  name: 'sync-overage',
  schema: z.object({ accountId: z.uuid() }),
  ...PATIENTLY,
  shownFields: ['accountId'],
})

/** Reports what was used above limits to the provider, every minute. */
export const ReportOverage = defineQueue({
  name: 'report-overage',
  schema: z.object({}),
  ...ROUND,
  shownFields: [],
})

/** Expires the customer's open checkout pages, because one was paid or none should be paid any more. */
export const ExpireCheckouts = defineQueue({
  name: 'expire-checkouts',
  schema: z.object({ customerId: z.uuid() }),
  concurrency: 1,
  shownFields: ['customerId'],
})

/** Expires the open checkout pages of a retired plan. */
export const ExpirePlanCheckouts = defineQueue({
  name: 'expire-plan-checkouts',
  schema: z.object({ planId: z.uuid() }),
  concurrency: 1,
  shownFields: ['planId'],
})

/** Archives a product or price that a plan change has left active at the provider. */
export const ArchiveAgain = defineQueue({
  name: 'archive-again',
  schema: z.object({
    kind: z.enum(['product', 'price']),
    id: z.string(),
    provider: z.enum(PROVIDERS).default(DEFAULT_PROVIDER),
  }),
  concurrency: 1,
  shownFields: ['provider', 'kind', 'id'],
})

/** Copies a plan to the provider, after every change of the plan. */
export const SyncPlan = defineQueue({
  name: 'sync-plan',
  schema: z.object({ planId: z.uuid() }),
  concurrency: 1,
  shownFields: ['planId'],
})
