import { presentRecordedPayments, presentRecordedSubscriptions, type BillingScope } from '../../billing/index.ts'
import { presentAccounts } from './present-accounts.ts'
import { presentEntitlements } from './present-entitlements.ts'
import type { PresentedEvent, WaitingEvent } from './waiting-event.ts'

type Scope = Pick<BillingScope, 'em' | 'clock' | 'billing'>
type Kind = WaitingEvent['object_kind']

/**
 * Gives events their public state: the one that the trigger saw, or for accounts and what they may use, the present one.
 *
 * @param scope whose `em` is the sequencer's transaction.
 */
export async function presentEvents(
  scope: Scope,
  events: readonly WaitingEvent[],
  billingNow: Date,
): Promise<PresentedEvent[]> {
  const of = (kind: Kind) => events.filter(({ object_kind }) => object_kind === kind)
  const subscriptions = of('subscription')
  const views = await presentRecordedSubscriptions(
    scope.em,
    subscriptions.map(({ data }) => data),
    { billingNow, settings: scope.billing.settings },
  )
  const payments = of('payment')
  const paid = presentRecordedPayments(
    scope.em,
    payments.map(({ data }) => data),
  )
  const presented = [
    ...of('user').map((event) => ({ event, data: withDate(event.data, 'createdAt') })),
    ...of('member').map((event) => ({ event, data: withDate(event.data, 'joinedAt') })),
    ...payments.map((event, index) => ({ event, data: paid[index] ?? {} })),
    ...subscriptions.map((event, index) => ({ event, data: views[index] ?? {} })),
    ...(await presentAccounts(scope.em, of('account'))),
    ...(await presentEntitlements(scope, of('entitlements'), billingNow)),
  ]
  return presented.toSorted((one, other) => Number(one.event.seq) - Number(other.event.seq))
}

/** JSON of the database has times with an offset and microseconds. */
const withDate = (data: WaitingEvent['data'], key: string): object => ({ ...data, [key]: new Date(String(data[key])) })
