import { after } from '../../platform/clock.ts'
import { HOUR, MINUTE, SECOND } from '../../platform/durations.ts'

/** The waits after each failed attempt. After the last one, a delivery is parked. */
const WAITS = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
] as const

/** How much a wait is lengthened at random, so that what failed together is not repeated together. */
const JITTER = 0.1
/** Maximum wait that an endpoint may ask for. */
const LONGEST_RETRY_AFTER = HOUR

/**
 * When a delivery is tried again.
 *
 * @param failed how many attempts have failed, with the last one.
 * @param options.retryAfter how long the endpoint asked to wait, in milliseconds. It only lengthens the wait.
 * @returns null when no retry is left.
 */
export function nextAttempt(
  failed: number,
  { now, retryAfter, random = Math.random }: { now: Date; retryAfter: number | null; random?: () => number },
): Date | null {
  const wait = WAITS[failed - 1]
  if (wait === undefined) return null
  return after(now, Math.max(wait * (1 + JITTER * random()), boundedRetryAfter(retryAfter)))
}

/** How long an endpoint is left alone that asked for it, in milliseconds. */
export const boundedRetryAfter = (retryAfter: number | null): number => Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER)
