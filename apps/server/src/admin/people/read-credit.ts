import { AccountNotFound } from '../../accounts/index.ts'
import { atProvider, isConfigured, withTimeBudget, type SubscriptionProvider } from '../../billing/index.ts'
import type { PeopleScope } from '../admin-scope.ts'
import type { AccountCredit } from '../people.schemas.ts'

/**
 * Asks the providers what credit an account has for its next payments.
 *
 * @throws {AccountNotFound}
 * @throws {PaymentProviderError}
 */
export async function readCredit(scope: PeopleScope, { id }: { id: string }): Promise<AccountCredit> {
  const rows = await scope.em.execute<{ provider: SubscriptionProvider | null; customer: string | null }[]>(
    `select customer.provider, customer.provider_customer_id as customer
     from accounts account left join customers customer on customer.account_id = account.id where account.id = ?`,
    [id],
  )
  if (rows.length === 0) throw new AccountNotFound()
  const calling = withTimeBudget(scope)
  const found = rows.map(async ({ provider, customer }) =>
    provider && customer && isConfigured(scope, provider)
      ? atProvider(calling, provider).billing.provider.fetchCredit(customer)
      : [],
  )
  return { credit: (await Promise.all(found)).flat() }
}
