import type { Account } from '../state/account.ts'
import { StripeApiError } from './errors.ts'

/**
 * Runs a request in a transaction: if it throws, its changes are undone, unless the error says to keep them
 * (as a declined payment does).
 *
 * @throws {StripeApiError} what `work` throws.
 */
export function transact<T>(account: Account, work: () => T): T {
  const outcome = account.journal.transaction((): { value: T } | { error: StripeApiError } => {
    try {
      return { value: work() }
    } catch (error) {
      if (error instanceof StripeApiError && error.keepsChanges) return { error }
      throw error
    }
  })
  if ('error' in outcome) throw outcome.error
  return outcome.value
}
