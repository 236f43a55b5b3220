import type { EntityManager } from '@mikro-orm/postgresql'
import type { PaymentProvider } from '../providers/payment-provider.ts'

/** A report of units that were used with a subscription that another one has replaced. */
export interface LateReport {
  id: string
  feature: string
  units: string
  since: string
  used_at: string
  customer_id: string | null
  /** The provider's id of the price of a unit. */
  price_id: string | null
  /** The provider's id of the account's live subscription, if it is billed in the same currency there. */
  next_subscription_id: string | null
}

/**
 * Bills units on the next invoice of the subscription that has replaced theirs. The replaced one has had its last invoice,
 * so no invoice would include a report to the meter. A report that went to the meter before does not come here.
 *
 * @param times.mayExist whether the provider may have forgotten the key of an earlier call.
 * @returns false if no subscription can bill them.
 * @throws {PaymentProviderError}
 */
export async function billLateUse(
  { em, provider }: { em: EntityManager; provider: PaymentProvider },
  report: LateReport,
  { wallNow, mayExist }: { wallNow: Date; mayExist: boolean },
): Promise<boolean> {
  const { id, feature, units, customer_id, price_id, next_subscription_id } = report
  if (customer_id === null || price_id === null || next_subscription_id === null) return false
  // Before the call, so that a repeat goes the same way.
  const marked = await em.execute(
    `update overage_reports set invoiced_on = ?, tried_at = coalesce(tried_at, ?)
     where id = ? and sent_at is null and (tried_at is null or invoiced_on is not null) returning id`,
    [next_subscription_id, wallNow, id],
  )
  if (marked.length === 0) return true
  await provider.billUsage({
    key: id,
    feature,
    customerId: customer_id,
    subscriptionId: next_subscription_id,
    priceId: price_id,
    units: Number(units),
    from: new Date(report.since),
    to: new Date(report.used_at),
    mayExist,
  })
  await em.execute('update overage_reports set sent_at = ? where id = ? and sent_at is null', [wallNow, id])
  return true
}
