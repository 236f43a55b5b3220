import { newId } from '../../platform/database/ids.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ProviderName } from '../provider.schemas.ts'

/** Inserts the account's customer row at a provider if there is none. */
export async function insertCustomer(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  { account, provider }: { account: string; provider: ProviderName },
): Promise<void> {
  await em.execute(
    'insert into customers (id, account_id, provider, created_at) values (?, ?, ?, ?) on conflict do nothing',
    [newId(), account, provider, clock.now()],
  )
}
