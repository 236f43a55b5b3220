import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../platform/ids.ts'
import type { Scope } from '../platform/scope.ts'
import { isReachable } from './is-reachable.ts'
import { SendMail, type MailContent } from './mail.queues.ts'

/**
 * Queues one mail for one fact, as part of the transaction; for a fact that already had its mail it does nothing.
 *
 * @param mail.fact (template, object, occurrence), such as `subscription-started:in_123`.
 */
export async function queueMail(
  em: EntityManager,
  { jobs, clock }: Pick<Scope, 'jobs' | 'clock'>,
  mail: MailContent & { fact: string; to: string },
): Promise<void> {
  const { fact, to, ...content } = mail
  if (!isReachable(to)) return

  const mailId = newId()
  const inserted = await em.execute<unknown[]>(
    `insert into mails (id, fact, template, recipient, created_at) values (?, ?, ?, ?, ?)
     on conflict (fact) do nothing returning id`,
    [mailId, fact, content.template, to, clock.now()],
  )
  if (inserted.length > 0) await jobs.send(em, SendMail, { mailId, to, ...content })
}
