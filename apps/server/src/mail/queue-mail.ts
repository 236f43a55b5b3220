import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../platform/ids.ts'
import type { Scope } from '../platform/scope.ts'
import { isReachable } from './is-reachable.ts'
import { SendMail, type MailContent } from './mail.queues.ts'

/** A mail with the fact that it belongs to: (template, object, occurrence), such as `subscription-started:in_123`. */
export type MailOfFact = MailContent & { fact: string; to: string }

/** Queues one mail for one fact, as part of the transaction; for a fact that already had its mail it does nothing. */
export async function queueMail(
  em: EntityManager,
  scope: Pick<Scope, 'jobs' | 'clock'>,
  mail: MailOfFact,
): Promise<void> {
  await queueMails(em, scope, [mail])
}

/** The same for many, best a thousand at a time: one statement for the mails, one for the jobs. */
export async function queueMails(
  em: EntityManager,
  { jobs, clock }: Pick<Scope, 'jobs' | 'clock'>,
  mails: readonly MailOfFact[],
): Promise<void> {
  const wanted = new Map(mails.filter(({ to }) => isReachable(to)).map((mail) => [newId(), mail]))
  if (wanted.size === 0) return
  const rows = [...wanted].map(([id, { fact, template, to }]) => ({ id, fact, template, recipient: to }))
  const inserted = await em.execute<{ id: string }[]>(
    `insert into mails (id, fact, template, recipient, created_at)
     select id, fact, template, recipient, ?::timestamptz
     from jsonb_to_recordset(?::jsonb) as mail(id uuid, fact text, template text, recipient text)
     on conflict (fact) do nothing returning id`,
    [clock.now(), JSON.stringify(rows)],
  )
  const queued = inserted.flatMap(({ id: mailId }) => {
    const mail = wanted.get(mailId)
    if (!mail) return []
    const { fact: _, ...job } = mail
    return [{ mailId, ...job }]
  })
  await jobs.sendAll(em, SendMail, queued)
}
