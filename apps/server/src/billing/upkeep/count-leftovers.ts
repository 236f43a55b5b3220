import type { EntityManager } from '@mikro-orm/postgresql'
import type { ProviderName } from '../provider.schemas.ts'
import type { ProviderAccount } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'

/** What is left of an account or mode of the provider that is not the current key's. */
export interface Leftover {
  account: ProviderAccount
  /** Number of its live subscriptions, which the provider can't renew, change, or verify. */
  subscriptions: number
  customers: number
  /** Number of plans whose price will be created in the current account when it is first needed. */
  plans: number
}

/** Counts the live subscriptions at a provider. It charges for them, whether it is configured here or not. */
export async function countLive(em: EntityManager, provider: ProviderName): Promise<number> {
  return em.count(Subscription, { provider, status: { $ne: 'canceled' } })
}

/** The provider's ids of the live subscriptions there that were changed last. */
export async function newestLive(em: EntityManager, provider: ProviderName, limit: number): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select provider_subscription_id as id from subscriptions
     where provider = ? and status <> 'canceled' and provider_subscription_id is not null
     order by updated_at desc limit ?`,
    [provider, limit],
  )
  return rows.map(({ id }) => id)
}

/** Counts what belongs to other accounts or modes of a provider than the current one. */
export async function countLeftovers(
  em: EntityManager,
  { provider, account }: { provider: ProviderName; account: ProviderAccount },
): Promise<Leftover[]> {
  return em.execute<Leftover[]>(
    `select account, sum(subscriptions)::int as subscriptions, sum(customers)::int as customers, sum(plans)::int as plans
     from (
       select provider_account as account, count(*) as subscriptions, 0 as customers, 0 as plans
         from subscriptions where status <> 'canceled' and provider = ? group by 1
       union all
       select provider_account, 0, count(*), 0 from customers where provider = ? group by 1
       union all
       select provider_account, 0, 0, count(distinct plan_id) from plan_prices
         where (archived_at is null or is_further)
           and coalesce(provider, (select provider from plans where id = plan_id)) = ? group by 1
     ) each_kind where account <> ? group by account order by account`,
    [provider, provider, provider, account],
  )
}
