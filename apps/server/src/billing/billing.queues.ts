import { z } from 'zod'
import { defineQueue } from '../platform/jobs.ts'

/** Works off one row of the inbox. */
export const ApplyStripeEvent = defineQueue({
  name: 'apply-stripe-event',
  schema: z.object({ eventId: z.uuid() }),
  // Below the pool's size: each holds a connection while it asks Stripe.
  concurrency: 4,
  shownFields: ['eventId'],
})

/** Ends what has run out, every hour. */
export const ExpireSubscriptions = defineQueue({
  name: 'expire-subscriptions',
  schema: z.object({}),
  concurrency: 1,
  shownFields: [],
})

/** Queues the mails for subscriptions that the sweep has ended. */
export const MailEndedSubscriptions = defineQueue({
  name: 'mail-ended-subscriptions',
  schema: z.object({ subscriptionIds: z.array(z.uuid()).max(1000) }),
  concurrency: 1,
  shownFields: [],
})
