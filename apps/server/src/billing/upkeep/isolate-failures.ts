import type { Log } from '../../platform/log.ts'
import { PaymentProviderError } from '../billing.errors.ts'

/** Number of provider failures in a row after which the provider counts as down and the round stops. */
const OUTAGE = 5

export interface Isolation {
  /** What failed, as sentences for people. */
  readonly failures: string[]
  /**
   * Runs a part of the round. If it fails, the failure is kept and the round continues.
   *
   * @returns null if the part failed.
   * @throws {PaymentProviderError} when the provider seems to be down.
   */
  isolated<T>(what: string, work: () => Promise<T>): Promise<T | null>
  /**
   * Called at the end of the round.
   *
   * @throws {PaymentProviderError} when the provider failed and no part succeeded.
   */
  conclude(): void
}

/** For a round over many customers: one customer with broken rows must not stop the others. */
export function isolateFailures(log: Log): Isolation {
  const failures: string[] = []
  let inARow = 0
  let succeeded = 0
  let outage: PaymentProviderError | null = null
  return {
    failures,
    async isolated(what, work) {
      try {
        const done = await work()
        inARow = 0
        succeeded += 1
        return done
      } catch (error) {
        const isProviders = error instanceof PaymentProviderError && error.isOutage()
        inARow = isProviders ? inARow + 1 : 0
        if (isProviders) outage = error
        if (inARow >= OUTAGE) throw error
        log.error({ err: error, what }, 'cannot reconcile this object')
        failures.push(`${what}: ${error instanceof Error ? error.message : 'unknown'}`)
        return null
      }
    },
    conclude() {
      if (outage && succeeded === 0) throw outage
    },
  }
}
