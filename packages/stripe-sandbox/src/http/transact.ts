import type { Account } from '../state/account.ts'
import { StripeApiError } from './errors.ts'

/** A request's changes stay together or not at all, but for those that a declined payment leaves behind on purpose. */
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
