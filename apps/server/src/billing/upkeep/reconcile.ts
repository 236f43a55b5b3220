import type { BillingScope } from '../billing-scope.ts'
import { applyOpenEvents } from './apply-open-events.ts'
import { inParallel } from './in-parallel.ts'
import { isolateFailures } from './isolate-failures.ts'
import { objectsToRecheck } from './objects-to-recheck.ts'
import { reconcileObject } from './reconcile-object.ts'
import { recordLostEvents } from './record-lost-events.ts'

/** What a round of the reconciler did. */
export interface Reconciliation {
  /** Events of the provider's list that had never arrived: stored now, and applied. */
  recovered: number
  /** Events that had arrived, whose job was lost or given up: applied now. */
  retried: number
  /** Objects that were asked of the provider. */
  checked: number
  /** Rows that said something else than the provider, and say the same now. */
  corrected: readonly { objectType: string; objectId: string }[]
  /** What could not be done, in words; all the rest was. */
  failures: readonly string[]
}

/** Each holds a connection while it asks the provider, beside the events that are worked off meanwhile. */
const AT_ONCE = 3

/**
 * Finds what the provider's events have not brought here, and puts it right: first the events of the provider's own
 * list that never arrived, as if they had, so that their mails are sent too; then those that arrived and were never
 * applied; then everything of which something new is likely, asked again and converged under the customer's lock.
 *
 * Every event and every object is a transaction of its own, so it may stop anywhere, and a repeat does what is left.
 * One that fails is told of and does not stop the others.
 *
 * @throws {PaymentProviderError} while the provider is down.
 */
export async function reconcile(scope: BillingScope): Promise<Reconciliation> {
  const now = await scope.billing.time.now()
  const { isolated, failures, conclude } = isolateFailures(scope.log)
  const found = await recordLostEvents(scope, now)
  const events = await applyOpenEvents(scope, { found, atOnce: AT_ONCE, isolated })
  const corrected: Reconciliation['corrected'][number][] = []
  let checked = 0
  await inParallel(AT_ONCE, objectsToRecheck(scope, now), async (object) => {
    const findings = await isolated(`${object.kind} ${object.id}`, () => reconcileObject(scope, now, object))
    checked += 1
    corrected.push(...(findings ?? []))
  })
  conclude()
  const done = { ...events, checked, corrected, failures }
  scope.log.info({ ...done, corrected: corrected.length, failures: failures.length }, 'reconciliation done')
  return done
}
