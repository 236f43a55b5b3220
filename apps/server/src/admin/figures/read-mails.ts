import type { EntityManager } from '@mikro-orm/postgresql'
import { SendMail } from '../../mail/index.ts'
import { DEAD_LETTER_QUEUE } from '../../platform/jobs/jobs.ts'
import type { Overview } from '../figures.schemas.ts'

/** Counts the mails that wait for the worker, those that were given up, and those that were sent since a moment. */
export async function readMails(em: EntityManager, since: Date): Promise<Overview['mails']> {
  const [row] = await em.execute<{ queued: string; failed: string; sent: string }[]>(
    `select (select count(*) from pgboss.job where name = ? and state < 'active') as queued,
            (select count(*) from pgboss.job where name = ? and state < 'active' and source_name = ?) as failed,
            (select count(*) from mails where sent_at >= ?) as sent`,
    [SendMail.name, DEAD_LETTER_QUEUE, SendMail.name, since],
  )
  return { queued: Number(row?.queued ?? 0), failed: Number(row?.failed ?? 0), sentLast24h: Number(row?.sent ?? 0) }
}
