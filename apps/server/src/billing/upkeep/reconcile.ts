import type { BillingScope } from '../billing-scope.ts'
import { applyOpenEvents } from './apply-open-events.ts'
import { atEachProvider } from './at-each-provider.ts'
import { inParallel } from './in-parallel.ts'
import { isolateFailures } from './isolate-failures.ts'
import { objectsToRecheck } from './objects-to-recheck.ts'
import { reconcileObject } from './reconcile-object.ts'
import { recordLostEvents } from './record-lost-events.ts'

/** What a round of the reconciler did. */
export interface Reconciliation {
  /** Number of events from the provider's list that had never arrived and are now stored and applied. */
  recovered: number
  /** Number of events whose job was lost or had failed for good, and that are now applied. */
  retried: number
  /** Number of objects rechecked at the provider. */
  checked: number
  /** Rows that differed from the provider and are now corrected. */
  corrected: readonly { objectType: string; objectId: string }[]
  /** What failed, as sentences for people. Everything else was done. */
  failures: readonly string[]
}

/** Maximum number of objects rechecked at once. Each holds a connection, and so do events applied meanwhile. */
const AT_ONCE = 3

/**
 * Finds and corrects what the providers' events did not tell us, in three steps at each provider:
 * 1. Store the events on the provider's list that never arrived.
 * 2. Apply them, and those that arrived but were never applied. This also sends their emails.
 * 3. Recheck the objects that may have changed, and converge them under the customer's lock.
 *
 * Every event and every object has its own transaction, so a round may stop anywhere, and the next one does the rest.
 * A failure is logged and does not stop the others.
 *
 * @throws {PaymentProviderError} while a provider is down. The others are reconciled by then.
 */
export async function reconcile(scope: BillingScope): Promise<Reconciliation> {
  const rounds = await atEachProvider(scope, reconcileOne)
  const sum = (of: 'recovered' | 'retried' | 'checked') => rounds.reduce((total, round) => total + round[of], 0)
  return {
    ...{ recovered: sum('recovered'), retried: sum('retried'), checked: sum('checked') },
    corrected: rounds.flatMap(({ corrected }) => corrected),
    failures: rounds.flatMap(({ failures }) => failures),
  }
}

async function reconcileOne(scope: BillingScope): Promise<Reconciliation> {
  const billingNow = await scope.billing.time.now()
  const { isolated, failures, conclude } = isolateFailures(scope.log)
  const found = await recordLostEvents(scope, billingNow)
  const events = await applyOpenEvents(scope, { found, atOnce: AT_ONCE, isolated })
  const corrected: Reconciliation['corrected'][number][] = []
  let checked = 0
  await inParallel(AT_ONCE, objectsToRecheck(scope, billingNow), async (object) => {
    const findings = await isolated(`${object.kind} ${object.id}`, () => reconcileObject(scope, billingNow, object))
    checked += 1
    corrected.push(...(findings ?? []))
  })
  conclude()
  const done = { ...events, checked, corrected, failures }
  scope.log.info(
    { provider: scope.billing.provider.name, ...done, corrected: corrected.length, failures: failures.length },
    'reconciliation done',
  )
  return done
}
