import { after } from '../../platform/clock.ts'
import type { BillingScope } from '../billing-scope.ts'
import { atEachProvider } from './at-each-provider.ts'
import { endDueSubscriptions } from './end-due-subscriptions.ts'
import { inParallel } from './in-parallel.ts'
import { isolateFailures } from './isolate-failures.ts'
import { dueForChange } from './objects-to-recheck.ts'
import { reconcileObject } from './reconcile-object.ts'

/** What a sweep did. */
export interface Sweep {
  /** Number of subscriptions and grants whose time was over and that are now canceled. */
  ended: number
  /** Number of overdue subscriptions that were rechecked at the provider. */
  asked: number
  /** Number of rows that differed from the provider and were corrected. */
  corrected: number
  /** What could not be rechecked, as sentences for people. */
  failures: readonly string[]
}

/** Maximum number of objects rechecked at once. Each holds a connection, and so do events applied meanwhile. */
const AT_ONCE = 3

/**
 * Ends every subscription whose time is over: a grant at its end, a subscription that is set to end with its period
 * RENEWAL_LEEWAY after that. One that should have been renewed by then, that ends before its period does, or whose
 * pause is over, is rechecked; it ends only if the provider says so.
 *
 * The sweep may stop anywhere, and the next one continues. It only changes rows; follow-up jobs queue the emails.
 *
 * @throws {PaymentProviderError} while a provider is down; grants and canceled subscriptions have ended by then.
 */
export async function expireSubscriptions(scope: BillingScope): Promise<Sweep> {
  const billingNow = await scope.billing.time.now()
  const overdueAt = after(billingNow, -scope.billing.settings.renewalLeeway)
  const granted = await endDueSubscriptions(scope, { kind: 'granted', due: billingNow, billingNow })
  const ending = await endDueSubscriptions(scope, { kind: 'ending', due: overdueAt, billingNow })

  const { isolated, failures, conclude } = isolateFailures(scope.log)
  const done = { ended: granted + ending, asked: 0, corrected: 0 }
  await atEachProvider(scope, (there) =>
    inParallel(AT_ONCE, dueForChange(there, overdueAt), async (object) => {
      done.asked += 1
      const findings = await isolated(`subscription ${object.id}`, () => reconcileObject(there, billingNow, object))
      done.corrected += findings?.length ?? 0
    }),
  )
  conclude()
  scope.log.info({ ...done, failures: failures.length }, 'sweep done')
  return { ...done, failures }
}
