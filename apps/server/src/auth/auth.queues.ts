import { z } from 'zod'
import { defineQueue } from '../platform/jobs/jobs.ts'

/*
 * A queue is named after a fact or a command. A fact says what has happened, and its sender doesn't know what follows.
 * All of these are facts.
 */

/**
 * Fact: an account was closed. Auth doesn't know billing, so auth owns the queue and billing handles it: the current
 * subscription ends at the end of its period, and open checkouts expire at once.
 */
export const AccountClosed = defineQueue({
  name: 'account-closed',
  schema: z.object({ userId: z.uuid() }),
  // Retried for more than a day: otherwise an outage at the provider would leave a closed account being charged.
  retryLimit: 120,
  retryDelayMax: 900,
  shownFields: ['userId'],
})

/** Fact: a user's email address has changed. Billing handles it: the payment provider gets the new one. */
export const EmailChanged = defineQueue({
  name: 'email-changed',
  schema: z.object({ userId: z.uuid() }),
  shownFields: ['userId'],
})

/** Jobs of before 2026-11-30 don't say where the request came from. */
const requested = z.object({ email: z.string(), by: z.object({ ip: z.string(), userAgent: z.string() }).optional() })
export type RequestedMail = z.infer<typeof requested>

/**
 * Fact: a caller requested a password reset. The job looks for the account: the request queues one for any address, so
 * that its answer takes the same time for all.
 */
export const RequestedPasswordReset = defineQueue({
  name: 'requested-password-reset',
  schema: requested,
  shownFields: [],
})

/** Fact: a caller requested a login code. Queued for any address, too. */
export const RequestedLoginCode = defineQueue({
  name: 'requested-login-code',
  schema: requested,
  shownFields: [],
})
