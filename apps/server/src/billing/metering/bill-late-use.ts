import type { EntityManager } from '@mikro-orm/postgresql'
import { PaymentProviderError } from '../billing.errors.ts'
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
 * @returns false if no subscription can bill them, or if the provider still refuses them then.
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
  const to = new Date(report.used_at)
  // Terms may have begun again after the new subscription did. A period must not end before it begins.
  const from = new Date(Math.min(new Date(report.since).getTime(), to.getTime()))
  const [customerId, subscriptionId, priceId] = [customer_id, next_subscription_id, price_id]
  const use = { key: id, feature, customerId, subscriptionId, priceId, units: Number(units), from, to, mayExist }
  try {
    await provider.billUsage(use)
  } catch (error) {
    if (mayExist && error instanceof PaymentProviderError && error.isRefusal()) return false
    throw error
  }
  await em.execute('update overage_reports set sent_at = ? where id = ? and sent_at is null', [wallNow, id])
  return true
}
