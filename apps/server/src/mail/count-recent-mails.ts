import type { EntityManager } from '@mikro-orm/postgresql'
import { after, type Clock } from '../platform/clock.ts'
import { oldestIdOf } from '../platform/database/ids.ts'
import { HOUR } from '../platform/durations.ts'

/** Counts the sent and the waiting emails of the last hour. Ids begin with the time, so the primary key finds them. */
export async function countRecentMails(em: EntityManager, clock: Clock): Promise<{ sent: number; waiting: number }> {
  const [row] = await em.execute<{ sent: number; waiting: number }[]>(
    `select count(sent_at)::int as sent, (count(*) - count(sent_at))::int as waiting from mails where id >= ?`,
    [oldestIdOf(after(clock.now(), -HOUR))],
  )
  return row ?? { sent: 0, waiting: 0 }
}
