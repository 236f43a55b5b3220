import type { EntityManager } from '@mikro-orm/postgresql'
import type { ProviderAccount } from '../providers/payment-provider.ts'

/** What is left of an account or mode of the provider that is not the current key's. */
export interface Leftover {
  account: ProviderAccount
  /** Number of its live subscriptions, which the provider can't renew, change, or verify. */
  subscriptions: number
  customers: number
  /** Number of plans whose price will be created in the current account when it is first needed. */
  plans: number
}

/** Counts what belongs to other accounts or modes than the current one. */
export async function countLeftovers(em: EntityManager, current: ProviderAccount): Promise<Leftover[]> {
  return em.execute<Leftover[]>(
    `select account, sum(subscriptions)::int as subscriptions, sum(customers)::int as customers, sum(plans)::int as plans
     from (
       select provider_account as account, count(*) as subscriptions, 0 as customers, 0 as plans
         from subscriptions where status <> 'canceled' group by 1
       union all
       select provider_account, 0, count(*), 0 from customers group by 1
       union all
       select provider_account, 0, 0, count(*) from plan_prices where archived_at is null group by 1
     ) each_kind where account <> ? group by account order by account`,
    [current],
  )
}
