import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../platform/ids.ts'
import type { Scope } from '../platform/scope.ts'
import { SendMail, type MailContent } from './mail.queues.ts'

/** Stands in for the address of a GitHub account that has none; no mail is ever sent there. */
const NO_MAIL_DOMAIN = '@github.local'

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
  if (to.endsWith(NO_MAIL_DOMAIN)) return

  const mailId = newId()
  const inserted = await em.execute<unknown[]>(
    `insert into mails (id, fact, template, recipient, created_at) values (?, ?, ?, ?, ?)
     on conflict (fact) do nothing returning id`,
    [mailId, fact, content.template, to, clock.now()],
  )
  if (inserted.length > 0) await jobs.send(em, SendMail, { mailId, to, ...content })
}
