import { newId } from '../../platform/database/ids.ts'
import type { Scope } from '../../platform/scope.ts'

/** Inserts the account's customer row if there is none. */
export async function insertCustomer({ em, clock }: Pick<Scope, 'em' | 'clock'>, accountId: string): Promise<void> {
  await em.execute('insert into customers (id, account_id, created_at) values (?, ?, ?) on conflict do nothing', [
    newId(),
    accountId,
    clock.now(),
  ])
}
