import type { EntityManager } from '@mikro-orm/postgresql'
import { after, type Clock } from '../platform/clock.ts'
import { oldestIdOf } from '../platform/database/ids.ts'
import { HOUR } from '../platform/durations.ts'

/** The mails of the last hour, by what became of them; found by their ids, which begin with the time. */
export async function countRecentMails(em: EntityManager, clock: Clock): Promise<{ sent: number; waiting: number }> {
  const [row] = await em.execute<{ sent: number; waiting: number }[]>(
    `select count(sent_at)::int as sent, (count(*) - count(sent_at))::int as waiting from mails where id >= ?`,
    [oldestIdOf(after(clock.now(), -HOUR))],
  )
  return row ?? { sent: 0, waiting: 0 }
}
