import { previewMail, storedContent, type MailDeps } from '../../mail/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import { MailNotFound } from '../admin.errors.ts'
import type { MailDetails } from '../system.schemas.ts'
import { mailView, READER_ZONE, type MailRow } from './list-mails.ts'
import { whyNotResend } from './why-not-resend.ts'

/**
 * Reads one mail with its preview. The preview has no link and no code that works.
 *
 * @throws {MailNotFound}
 */
export async function getMail(scope: AdminScope & { mail: MailDeps }, { id }: { id: string }): Promise<MailDetails> {
  const { em, mail, clock } = scope
  const [row] = await em.execute<(MailRow & { owner_id: string | null })[]>(
    `select m.*, ${READER_ZONE}, coalesce(m.user_id,
       (select u.id from users u where u.email = m.recipient and u.created_at <= m.created_at)) as owner_id
     from mails m where m.id = ?`,
    [id],
  )
  if (!row) throw new MailNotFound()
  const content = storedContent(row.template, row.props)
  return {
    ...mailView(row, mail, clock.now()),
    fact: row.fact,
    preview: content && previewMail(content, mail.site, row.time_zone),
    notResendable: await whyNotResend(scope, row),
    userId: row.owner_id,
  }
}
