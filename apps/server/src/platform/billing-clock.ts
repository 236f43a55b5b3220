import type { Clock } from './clock.ts'
import { SECOND } from './durations.ts'

/** The time that measures periods, grace, and the sweep. In production it is wall time. */
export interface BillingClock {
  /** Whether it is wall time, as in production. */
  readonly isWallTime: boolean
  now(): Promise<Date>
}

const TIMEOUT = 2 * SECOND

/**
 * Billing time that follows a sandbox's clock (`GET url` → `{ now }`), so that months can pass in a second.
 *
 * Each call asks the sandbox once. While the sandbox does not answer, the last known offset to wall time applies.
 */
export function createBillingClock(clock: Clock, url?: string): BillingClock {
  if (!url) return { isWallTime: true, now: async () => clock.now() }

  let offset = 0
  return {
    isWallTime: false,
    async now() {
      offset = (await readOffset(url, clock)) ?? offset
      return new Date(clock.now().getTime() + offset)
    },
  }
}

async function readOffset(url: string, clock: Clock): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) })
    const body: unknown = await response.json()
    if (typeof body !== 'object' || body === null || !('now' in body)) return undefined
    const now = Date.parse(String(body.now))
    return Number.isNaN(now) ? undefined : now - clock.now().getTime()
  } catch {
    return undefined
  }
}
