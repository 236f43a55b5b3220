import { newId } from '../../platform/database/ids.ts'
import type { Scope } from '../../platform/scope.ts'

/** Inserts the user's customer row if there is none. */
export async function insertCustomer({ em, clock }: Pick<Scope, 'em' | 'clock'>, userId: string): Promise<void> {
  await em.execute(
    'insert into customers (id, user_id, created_at) values (?, ?, ?) on conflict (user_id) do nothing',
    [newId(), userId, clock.now()],
  )
}
