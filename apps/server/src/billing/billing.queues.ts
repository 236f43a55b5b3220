import { z } from 'zod'
import { defineQueue } from '../platform/jobs/jobs.ts'

/** Works off one row of the inbox. */
export const ApplyStripeEvent = defineQueue({
  name: 'apply-stripe-event',
  schema: z.object({ eventId: z.uuid() }),
  // Below the pool's size: each holds a connection while it asks Stripe.
  concurrency: 4,
  shownFields: ['eventId'],
})

/** Goes through a great many rows, by itself: the next hour's waits for it, or is left out. */
const HOURLY_ROUND = { policy: 'exclusive', concurrency: 1, expireInSeconds: 3_600 } as const

/** Ends what has run out, every hour. */
export const ExpireSubscriptions = defineQueue({
  name: 'expire-subscriptions',
  schema: z.object({}),
  ...HOURLY_ROUND,
  shownFields: [],
})

/** A place in the order of due dates; the date as PostgreSQL writes it, to the microsecond. */
const position = z.object({ end: z.string(), id: z.uuid() })

/** Queues the mails for a range of subscriptions that one sweep has ended: behind `from`, up to `to`. */
export const MailEndedSubscriptions = defineQueue({
  name: 'mail-ended-subscriptions',
  schema: z.object({ sweptAt: z.iso.datetime(), from: position, to: position }),
  concurrency: 1,
  shownFields: ['sweptAt'],
})
export type EndedRange = z.infer<typeof MailEndedSubscriptions.schema>

/** Finds what the provider's events have not brought here, every hour. */
export const Reconcile = defineQueue({
  name: 'reconcile',
  schema: z.object({}),
  ...HOURLY_ROUND,
  shownFields: [],
})

/**
 * Money that is still to be put right at the provider. These are tried for days, not for an hour: whoever paid twice
 * must not depend on somebody's looking into the dead-letter queue.
 */
const TRIED_FOR_DAYS = { retryLimit: 100, retryDelayMax: 3_600, concurrency: 1 }

/** Ends at the provider what an upgrade has put another subscription in the place of; unused time is credited. */
export const CancelSuperseded = defineQueue({
  name: 'cancel-superseded',
  schema: z.object({ subscriptionId: z.uuid() }),
  ...TRIED_FOR_DAYS,
  shownFields: ['subscriptionId'],
})

/** Ends and pays back a subscription that should never have been bought. */
export const ReverseSubscription = defineQueue({
  name: 'reverse-subscription',
  schema: z.object({ subscriptionId: z.uuid() }),
  ...TRIED_FOR_DAYS,
  shownFields: ['subscriptionId'],
})

/** Pays back a renewal that was collected for an account that is closed, and ends its subscription. */
export const ReturnLatePayment = defineQueue({
  name: 'return-late-payment',
  schema: z.object({ paymentId: z.uuid() }),
  ...TRIED_FOR_DAYS,
  shownFields: ['paymentId'],
})

/** Gives the credit of a change whose caller has got no answer, or crashed, before it was given. */
export const SettleChange = defineQueue({
  name: 'settle-change',
  schema: z.object({ subscriptionId: z.uuid() }),
  ...TRIED_FOR_DAYS,
  shownFields: ['subscriptionId'],
})

/** Closes the customer's open payment pages: something has been paid, or nothing is to be paid any more. */
export const ExpireCheckouts = defineQueue({
  name: 'expire-checkouts',
  schema: z.object({ customerId: z.uuid() }),
  concurrency: 1,
  shownFields: ['customerId'],
})

/** Closes the open payment pages of a plan that has been retired. */
export const ExpirePlanCheckouts = defineQueue({
  name: 'expire-plan-checkouts',
  schema: z.object({ planId: z.uuid() }),
  concurrency: 1,
  shownFields: ['planId'],
})

/** Tells the provider what a plan is now, after every change of one. */
export const SyncPlan = defineQueue({
  name: 'sync-plan',
  schema: z.object({ planId: z.uuid() }),
  concurrency: 1,
  shownFields: ['planId'],
})
