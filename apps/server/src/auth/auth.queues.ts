import { z } from 'zod'
import { defineQueue } from '../platform/jobs/jobs.ts'

/**
 * What auth sets off in billing: a queue that auth owns and billing's worker serves, since auth does not know billing.
 * The user's running subscription is to end at its period's end, his open checkouts at once.
 */
export const AccountClosed = defineQueue({
  name: 'account-closed',
  schema: z.object({ userId: z.uuid() }),
  // For more than a day: a provider that is down meanwhile must not go on charging somebody who has left.
  retryLimit: 120,
  retryDelayMax: 900,
  shownFields: ['userId'],
})

/** The user's address has changed and is to be changed at the payment provider, too. */
export const EmailChanged = defineQueue({
  name: 'email-changed',
  schema: z.object({ userId: z.uuid() }),
  shownFields: ['userId'],
})

/** Somebody asked for a reset link. Queued for any address, known or not, so that the answers take the same time. */
export const RequestedPasswordReset = defineQueue({
  name: 'requested-password-reset',
  schema: z.object({ email: z.string() }),
  shownFields: [],
})

/** Somebody asked for a log-in code; queued for any address, too. */
export const RequestedLoginCode = defineQueue({
  name: 'requested-login-code',
  schema: z.object({ email: z.string() }),
  shownFields: [],
})

/** Removes what has expired, every hour. */
export const CleanUpAuth = defineQueue({
  name: 'clean-up-auth',
  schema: z.object({}),
  concurrency: 1,
  shownFields: [],
})
