import { after } from '../../platform/clock.ts'
import { MINUTE } from '../../platform/durations.ts'

/** When to look at a page for the last time: a payment may arrive in its last second. */
export const lastLook = (expiresAt: Date): Date => after(expiresAt, 5 * MINUTE)
