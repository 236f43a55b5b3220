import { after } from '../../platform/clock.ts'
import type { BillingScope } from '../billing-scope.ts'
import { endDueSubscriptions } from './end-due-subscriptions.ts'
import { inParallel } from './in-parallel.ts'
import { isolateFailures } from './isolate-failures.ts'
import { dueForRenewal } from './objects-to-recheck.ts'
import { reconcileObject } from './reconcile-object.ts'

/** What a sweep did. */
export interface Sweep {
  /** Subscriptions whose time had run out, and that are canceled now. */
  ended: number
  /** Subscriptions that should have been renewed, of which the provider was asked. */
  asked: number
  /** Rows that were otherwise here than at the provider. */
  corrected: number
  /** What could not be asked, in words. */
  failures: readonly string[]
}

/** Each holds a connection while it asks the provider, beside the events that are worked off meanwhile. */
const AT_ONCE = 3

/**
 * Ends every subscription whose time has run out: one that was ending RENEWAL_LEEWAY after its period, a grant at once.
 * One that the provider should have renewed by then is asked about, and ended only if the provider says so.
 *
 * It may stop anywhere, and the next run goes on. Rows only; the mails are queued by follow-up jobs.
 *
 * @throws {PaymentProviderError} while the provider is down; what needs nobody's answer is done by then.
 */
export async function expireSubscriptions(scope: BillingScope): Promise<Sweep> {
  const now = await scope.billing.time.now()
  const overdueAt = after(now, -scope.billing.settings.renewalLeeway)
  const granted = await endDueSubscriptions(scope, { kind: 'granted', due: now, now })
  const ending = await endDueSubscriptions(scope, { kind: 'ending', due: overdueAt, now })

  const { isolated, failures, conclude } = isolateFailures(scope.log)
  const done = { ended: granted + ending, asked: 0, corrected: 0 }
  await inParallel(AT_ONCE, dueForRenewal(scope, overdueAt), async (object) => {
    done.asked += 1
    const findings = await isolated(`subscription ${object.id}`, () => reconcileObject(scope, now, object))
    done.corrected += findings?.length ?? 0
  })
  conclude()
  scope.log.info({ ...done, failures: failures.length }, 'sweep done')
  return { ...done, failures }
}
