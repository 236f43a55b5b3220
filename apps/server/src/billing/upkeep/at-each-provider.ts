import { atProvider, type BillingScope } from '../billing-scope.ts'

/**
 * Does the work at each provider that is configured, one after the other. A failure at one does not keep the others
 * from their turn.
 *
 * @throws the first failure, after all have had their turn.
 */
export async function atEachProvider<T>(scope: BillingScope, work: (scope: BillingScope) => Promise<T>): Promise<T[]> {
  const done: T[] = []
  const failures: unknown[] = []
  for (const name of scope.billing.providers.keys()) {
    try {
      done.push(await work(atProvider(scope, name)))
    } catch (error) {
      // The caller logs the one that is thrown.
      if (failures.length > 0) scope.log.error({ err: error, provider: name }, 'the work at this provider failed')
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return done
}
