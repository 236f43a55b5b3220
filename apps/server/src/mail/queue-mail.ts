import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../platform/database/ids.ts'
import { runWithin, type RunPrepared } from '../platform/database/prepared.ts'
import type { Insertion } from '../platform/jobs/join-statements.ts'
import type { Scope } from '../platform/scope.ts'
import { isReachable } from './is-reachable.ts'
import { SendMail, type MailContent } from './mail.queues.ts'

/** An email with its recipient, and the fact it is about, such as `subscription-started:in_123`. */
export type MailOfFact = MailContent & {
  fact: string
  to: string
  /** Whose address it is; null if it is no user's, as far as we know. */
  userId: string | null
  /** A new one unless set. */
  id?: string
}

/** Queues an email as part of the transaction. Does nothing if an email about the same fact was queued before. */
export async function queueMail(em: EntityManager, scope: MailScope, mail: MailOfFact): Promise<void> {
  await queueMails(runWithin(em), scope, [mail])
}

type MailScope = Pick<Scope, 'jobs' | 'clock'>

const ADD_MAILS = {
  name: 'add-mails',
  statements: [
    `insert into mails (id, fact, template, recipient, user_id, account_id, props, created_at)
     select id, fact, template, recipient, user_id, account_id, props, $2
     from jsonb_to_recordset($1) as mail (
       id uuid, fact text, template text, recipient text, user_id uuid, account_id uuid, props jsonb)
     on conflict (fact) do nothing returning id`,
  ],
}

/**
 * Queues many emails like `queueMail`, with one statement for all emails and their jobs. Best called with batches of a
 * thousand or so.
 *
 * @param run runs the statement, in the caller's transaction if there is one.
 * @param first rows to insert before the emails, in the same statement.
 */
export async function queueMails(
  run: RunPrepared,
  { jobs, clock }: MailScope,
  mails: readonly MailOfFact[],
  first: readonly Insertion[] = [],
): Promise<void> {
  const wanted = mails.filter(({ to }) => isReachable(to)).map((mail) => ({ id: newId(), ...mail }))
  if (wanted.length === 0 && first.length === 0) return
  const rows = wanted.map(({ id, fact, template, to, userId, props }) => {
    const account_id = 'accountId' in props ? props.accountId : undefined
    return { id, fact, template, recipient: to, user_id: userId, account_id, props }
  })
  const sendings = wanted.map(({ id, fact: _, userId: _owner, ...mail }) => ({ id, data: { mailId: id, ...mail } }))
  const adding = { ...ADD_MAILS, values: [JSON.stringify(rows), clock.now()] }
  await jobs.sendForRows(run, [...first, adding], SendMail, sendings)
}
