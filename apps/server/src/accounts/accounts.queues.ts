import { z } from 'zod'
import { defineQueue } from '../platform/jobs/jobs.ts'

/*
 * All are facts: accounts don't know billing, so they own the queues, and billing handles them.
 */

/** For more than a day, so that an outage of the provider does not keep charging for what is over. */
const RETRIED_FOR_A_DAY = { retryLimit: 120, retryDelayMax: 900 }

/** Fact: a member has joined or left an account. */
export const MembersChanged = defineQueue({
  name: 'members-changed',
  schema: z.object({ accountId: z.uuid() }),
  ...RETRIED_FOR_A_DAY,
  shownFields: ['accountId'],
})

/** Fact: an organization has another owner, or one less. */
export const OwnersChanged = defineQueue({
  name: 'owners-changed',
  schema: z.object({ accountId: z.uuid() }),
  ...RETRIED_FOR_A_DAY,
  shownFields: ['accountId'],
})

/** Fact: an organization was deleted. Its subscription ends with the paid period. */
export const OrganizationClosed = defineQueue({
  name: 'organization-closed',
  schema: z.object({ accountId: z.uuid() }),
  ...RETRIED_FOR_A_DAY,
  shownFields: ['accountId'],
})
