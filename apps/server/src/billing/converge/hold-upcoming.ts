import { after } from '../../platform/clock.ts'
import { HOUR } from '../../platform/durations.ts'
import { paidUntil } from '../access/paid-until.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { queueUpcomingMail } from '../mails/queue-upcoming-mail.ts'
import type { LaterStart, ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { findUpcoming } from '../subscriptions/upcoming-subscription.ts'
import { UpcomingSubscription } from '../upcoming-subscription.entity.ts'
import type { FollowUp } from './send-follow-ups.ts'
import type { SubscriptionColumns } from './write-subscription.ts'

/** A subscription that was bought to begin later and has no row among the subscriptions yet. */
interface Later {
  fetched: ProviderSubscription
  later: LaterStart
  columns: SubscriptionColumns
}

/**
 * What becomes of a subscription that was bought to begin later.
 *
 * - `hold`: it waits, or has ended before it began. It gets no row among the subscriptions.
 * - `admit`: it begins now.
 * - `undo`: it can never begin. It is canceled, and what was paid for it is paid back.
 */
export type Hold = { outcome: 'hold' | 'admit' | 'undo'; followUps: FollowUp[] }

/**
 * Holds back a subscription that was bought to begin later, until that moment has come and the account's present
 * subscription has ended. Making way for it is the job of `settleUpcoming`: here, rows are compared, and the present one's
 * provider is not asked.
 */
export async function holdUpcoming(locked: LockedScope, customer: LockedCustomer, of: Later): Promise<Hold> {
  const { em, billing } = locked
  const { fetched, later } = of
  const row = await em.findOne(UpcomingSubscription, { providerSubscriptionId: fetched.id }, { refresh: true })
  if (fetched.status === 'canceled') {
    if (row?.status === 'waiting') await endWait(locked, row, 'canceled')
    // It has begun there and never here, so its money was taken for nothing.
    return later.hasBegun ? { outcome: 'undo', followUps: [] } : held()
  }
  // What was canceled here while its provider did not know it must not begin when it is known again.
  if (row?.status === 'undone' || row?.status === 'canceled') return { outcome: 'undo', followUps: [] }
  if (!row && !(await isWanted(locked, customer))) return { outcome: 'undo', followUps: [] }

  const standing = await em.findOne(Subscription, liveOf(customer.account.id), { refresh: true })
  const present = standing?.provider === 'manual' ? null : standing
  const isDue = later.at <= (await billing.time.now())
  if (isDue && !present) {
    if (row) await endWait(locked, row, 'begun')
    return { outcome: 'admit', followUps: [] }
  }
  const followUps = await write(locked, customer, { ...of, row, present })
  return held(isDue || fetched.isOwedCredit || !row?.settledAt ? followUps : [])
}

const held = (followUps: FollowUp[] = []): Hold => ({ outcome: 'hold', followUps })

/** A closed account buys nothing, and only one subscription can wait: the one that was found first. */
async function isWanted({ em }: LockedScope, { account, isAccountOpen }: LockedCustomer): Promise<boolean> {
  return isAccountOpen && (await findUpcoming(em, account.id)) === null
}

/** Notes what became of a subscription that has waited. Without it, nothing follows the present one any more. */
export async function endWait(
  { em }: Pick<LockedScope, 'em'>,
  upcoming: UpcomingSubscription,
  status: Exclude<UpcomingSubscription['status'], 'waiting'>,
): Promise<void> {
  upcoming.status = status
  await em.flush()
  if (status === 'begun' || !upcoming.replaces) return
  await em.nativeUpdate(Subscription, { id: upcoming.replaces.id }, { followedAt: null })
}

async function write(
  locked: LockedScope,
  customer: LockedCustomer,
  { later, columns, row, present }: Later & { row: UpcomingSubscription | null; present: Subscription | null },
): Promise<FollowUp[]> {
  const { em, clock, billing } = locked
  const { plan, priceCents, quantity, currency, billingPeriod, intervalUnit, intervalCount } = columns
  const terms = { plan, priceCents, quantity, currency, billingPeriod, intervalUnit, intervalCount }
  const startsAt = present ? startAfter(present, later) : later.at
  const values = { ...terms, startsAt, ...(present && { replaces: present.id }) }
  const upcoming = row
    ? em.assign(row, values)
    : em.create(UpcomingSubscription, {
        ...values,
        account: customer.account.id,
        provider: billing.provider.name,
        providerSubscriptionId: columns.providerSubscriptionId,
        createdAt: clock.now(),
      })
  await em.flush()
  const settle: FollowUp = { kind: 'settle-upcoming', upcomingId: upcoming.id }
  const end: FollowUp = { kind: 'end-for-closed-account', accountId: customer.account.id }
  if (row) return customer.isAccountOpen ? [settle] : [settle, end]
  await queueUpcomingMail(locked, upcoming)
  return [settle, { kind: 'expire-checkouts', customerId: customer.id }]
}

/** Maximum length of a date: it has 25 hours when the clocks go back. */
export const LONGEST_DATE = 25 * HOUR

/** When it begins here. A provider that counts in dates begins earlier on the date of the present one's end. */
function startAfter(present: Subscription, { at }: LaterStart): Date {
  const end = paidUntil(present)
  return at < end && end < after(at, LONGEST_DATE) ? end : at
}

/** The follow-up for a subscription that waits for the end of the account's present one; none if nothing waits. */
export async function settleUpcomingOf(em: LockedScope['em'], { account }: LockedCustomer): Promise<FollowUp[]> {
  const waiting = await findUpcoming(em, account.id)
  return waiting ? [{ kind: 'settle-upcoming', upcomingId: waiting.id }] : []
}
