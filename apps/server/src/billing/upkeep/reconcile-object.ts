import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { differences, readAccountRows } from '../converge/account-rows.ts'
import { convergeCustomer, type Converged } from '../converge/converge-customer.ts'
import { endForeign } from '../converge/end-foreign.ts'
import { reportUnknown } from '../converge/report-unknown.ts'
import { underLock } from '../customers/under-lock.ts'
import { queueCanceledMail } from '../mails/queue-canceled-mail.ts'
import type { RowChange } from '../provider-event.entity.ts'
import { ReconciliationFinding } from '../reconciliation-finding.entity.ts'
import { Subscription } from '../subscription.entity.ts'
import type { ObjectToRecheck } from './objects-to-recheck.ts'

/** It is not ended: with another account's key, that would end all of them. */
const UNKNOWN = 'the provider does not know this subscription, or knows it for another customer'

type Finding = Pick<ReconciliationFinding, 'objectType' | 'objectId'>

/** Stripe keeps events for 30 days. Users get no email about endings older than this. */
const NEWS_AGE = 30 * DAY

/**
 * Fetches one object from the provider and converges its customer, under the customer's lock. Stores every correction
 * as a finding. Queues the email about a subscription that turns out to have ended, unless it was already sent.
 *
 * @returns the corrected rows.
 * @throws {PaymentProviderError} and nothing has changed.
 */
export async function reconcileObject(
  scope: BillingScope,
  billingNow: Date,
  { kind, id, accountId, isListed = false }: ObjectToRecheck,
): Promise<Finding[]> {
  return underLock({ ...scope, em: scope.em.fork() }, accountId, async (locked, customer) => {
    const { em } = locked
    const before = await readAccountRows(em, accountId, 'comparison')
    const converged = await convergeCustomer(locked, customer, { kind, id })
    await em.flush()
    const isMissing = kind === 'subscription' && !converged && !isListed
    if (isMissing && !(await endForeign(locked, id, billingNow)))
      await reportUnknown(locked, { accountId, id, why: UNKNOWN })
    const corrected = differences(before, await readAccountRows(em, accountId))
    for (const finding of corrected) {
      em.create(ReconciliationFinding, {
        ...finding,
        kind: 'corrected',
        account: accountId,
        foundAt: scope.clock.now(),
      })
    }
    await mailEndings(locked, corrected, { billingNow, converged })
    return corrected
  })
}

async function mailEndings(
  scope: BillingScope,
  corrected: readonly RowChange[],
  { billingNow, converged }: { billingNow: Date; converged: Converged | null },
): Promise<void> {
  for (const { objectType, objectId, before, after: fetched } of corrected) {
    // A payment can become `canceled`, too: its invoice was voided. That ends nothing.
    if (objectType !== 'subscription') continue
    const hasEnded = fetched['status'] === 'canceled' && before !== null && before['status'] !== 'pending'
    if (!hasEnded) continue
    const ended = await scope.em.findOneOrFail(Subscription, { providerSubscriptionId: objectId })
    const isNews = ended.endedAt && ended.endedAt > after(billingNow, -NEWS_AGE)
    const isUnpaid = converged?.fetched.id === objectId && converged.fetched.hasEndedUnpaid
    if (isNews && !ended.supersededAt) await queueCanceledMail(scope, ended, { isUnpaid })
  }
}
