import { queueMail, SendMail, storedContent, type MailDeps } from '../../mail/index.ts'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import { newId } from '../../platform/database/ids.ts'
import { findDeadLettersWith } from '../../platform/jobs/dead-letters.ts'
import type { AdminScope } from '../admin-scope.ts'
import { MailNotFound, MailNotResendable } from '../admin.errors.ts'
import { READER_ZONE, type MailRow } from './list-mails.ts'
import { againOf, whyNotResend } from './why-not-resend.ts'

/**
 * Sends a mail again, to the same address. The new mail has its own row, and its fact names the first one, so that both
 * stay on record. The failed job of a mail that could not be sent is discarded, so that it can't send the mail twice.
 *
 * @returns the id of the mail that is queued now.
 * @throws {MailNotFound}
 * @throws {MailNotResendable}
 */
export async function resendMail(
  scope: AdminScope & { mail: MailDeps },
  actor: AuditActor,
  { id }: { id: string },
): Promise<{ id: string }> {
  const { jobs, clock } = scope
  return scope.em.transactional(async (em) => {
    const found = `select m.*, ${READER_ZONE} from mails m where m.id = ? for update`
    const [row] = await em.execute<MailRow[]>(found, [id])
    if (!row) throw new MailNotFound()
    const content = storedContent(row.template, row.props)
    if (!content || (await whyNotResend({ ...scope, em }, row))) throw new MailNotResendable()

    const { recipient: to, user_id: userId, fact } = row
    const mailId = newId()
    await queueMail(em, { jobs, clock }, { id: mailId, fact: `${againOf(fact)}${mailId}`, to, userId, ...content })
    if (row.sent_at === null) {
      await em.execute('update mails set dropped_at = ?, failed_at = null where id = ?', [clock.now(), id])
      for (const letter of await findDeadLettersWith(em, SendMail, { mailId: id })) await jobs.discard(em, letter)
    }
    recordAudit({ em, clock }, actor, {
      action: 'mail.resend',
      targetType: 'mail',
      targetId: id,
      before: null,
      after: { template: row.template, to, mailId },
    })
    return { id: mailId }
  })
}
