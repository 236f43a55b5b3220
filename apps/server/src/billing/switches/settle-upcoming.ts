import { after } from '../../platform/clock.ts'
import { paidUntil } from '../access/paid-until.ts'
import { plannedEnd } from '../access/planned-end.ts'
import { atProvider, type BillingScope } from '../billing-scope.ts'
import { endSubscription } from '../changes/end-subscription.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { endWait, LONGEST_DATE } from '../converge/hold-upcoming.ts'
import { lockedAt, underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import type { LaterStart } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'
import { findLiveSubscription } from '../subscriptions/live-subscription.ts'
import { UpcomingSubscription } from '../upcoming-subscription.entity.ts'

/**
 * Makes way for a subscription that is scheduled to start at another provider:
 * - The present subscription is set to end with its paid time.
 * - If its paid time ends later than the new one begins, because it was renewed or changed, the new one's start follows.
 * - If the new one has begun by then, so that the same time may be paid twice, it is undone and paid back.
 * - Once the present one has ended and the start has come, the new one begins here.
 *
 * Both are fetched under the account's lock. Every step can be repeated, and the job is retried until it succeeds.
 *
 * @throws {ProviderUnsupported} if a provider is not configured any more.
 * @throws {PaymentProviderError}
 */
export async function settleUpcoming(scope: BillingScope, { upcomingId }: { upcomingId: string }): Promise<void> {
  const known = await scope.em.findOne(UpcomingSubscription, { id: upcomingId })
  if (!known) return
  await underLock(atProvider(scope, known.provider), known.account.id, async (locked, customer) => {
    const { em, billing, log } = locked
    const upcoming = await em.findOneOrFail(UpcomingSubscription, { id: upcomingId }, { refresh: true })
    const { providerSubscriptionId: id } = upcoming
    const fetched = await billing.provider.fetchSubscription(id)
    if (!fetched?.laterStart) {
      log.error(
        { providerSubscriptionId: id },
        'the provider does not know this subscription, which is scheduled to start',
      )
      return
    }
    // It paid a little to check the card.
    if (fetched.isOwedCredit) await billing.provider.giveOwedCredit(id)
    if (upcoming.status !== 'waiting') return
    if (fetched.status !== 'canceled') await makeWay(locked, customer, { upcoming, start: fetched.laterStart })
    await convergeCustomer(locked, customer, { kind: 'subscription', id }, { settlesUpcoming: true })
  })
}

async function makeWay(
  locked: LockedScope,
  customer: LockedCustomer,
  { upcoming, start }: { upcoming: UpcomingSubscription; start: LaterStart },
): Promise<void> {
  const { em, billing } = locked
  const present = await fetchPresent(locked, customer)
  if (!present) return
  const [there, customerThere] = await lockedAt(locked, customer, present.provider)
  const billingNow = await billing.time.now()
  if (hasNoPaidTime(present, billingNow)) {
    await endAtOnce(there, customerThere, present)
    return
  }
  const end = paidUntil(present)
  // A provider that counts in dates begins earlier on the date of that end.
  if (start.hasBegun && end > after(start.at, LONGEST_DATE)) {
    await endWait(locked, upcoming, 'undone')
    return
  }
  if (!present.cancelAtPeriodEnd) await endSubscription(there, customerThere, present, 'period_end')
  if (!start.hasBegun && end > start.at && end > billingNow) {
    await billing.provider.moveStart({ subscriptionId: upcoming.providerSubscriptionId, at: end })
  }
  const settledAt = locked.clock.now()
  em.assign(upcoming, { replaces: present.id, settledAt })
  present.followedAt ??= settledAt
  await em.flush()
}

/** Whether the running period is not paid, or its end has come. Its provider may report the end late. */
function hasNoPaidTime(present: Subscription, billingNow: Date): boolean {
  const end = plannedEnd(present)
  return present.owes() || (end !== null && end <= billingNow)
}

/** Ends a subscription of which no paid time is left, so that the new one doesn't wait for it. */
async function endAtOnce(there: LockedScope, customer: LockedCustomer, present: Subscription): Promise<void> {
  const id = (await isElsewhere(there, present)) ? null : present.providerSubscriptionId
  if (id) await there.billing.provider.stopCollecting(id)
  await endSubscription(there, customer, present, 'now')
}

/** The account's present subscription, as its provider says now. A grant just ends when the new one begins. */
async function fetchPresent(locked: LockedScope, customer: LockedCustomer): Promise<Subscription | null> {
  const read = async () => {
    const live = await findLiveSubscription(locked.em, customer.account.id)
    return live?.provider === 'manual' ? null : live
  }
  const present = await read()
  const id = present?.providerSubscriptionId
  if (!id || (await isElsewhere(locked, present))) return present
  const [there, customerThere] = await lockedAt(locked, customer, present.provider)
  await convergeCustomer(there, customerThere, { kind: 'subscription', id }, { settlesUpcoming: true })
  await locked.em.flush()
  return read()
}
