import type { Log } from '../../platform/log.ts'
import { PaymentProviderError } from '../billing.errors.ts'

/** So many failures of the provider in a row, and it is down: nobody else is asked. */
const OUTAGE = 5

export interface Isolation {
  /** What could not be done, in words. */
  readonly failures: string[]
  /**
   * Runs a part of the round; what it throws is kept and does not stop the rest.
   *
   * @returns null for what failed.
   * @throws {PaymentProviderError} when the provider seems to be down.
   */
  isolated<T>(what: string, work: () => Promise<T>): Promise<T | null>
  /** At the end of the round. @throws {PaymentProviderError} when the provider failed, and nothing at all got through. */
  conclude(): void
}

/** For a round over many customers, of whom one with broken rows must not stop the others. */
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
        log.error({ err: error, what }, 'could not be reconciled')
        failures.push(`${what}: ${error instanceof Error ? error.message : 'unknown'}`)
        return null
      }
    },
    conclude() {
      if (outage && succeeded === 0) throw outage
    },
  }
}
