import type { Scope } from '../platform/scope.ts'
import type { SendMailJob } from './mail.queues.ts'
import { render } from './render.ts'
import type { Mailer } from './smtp.ts'
import { writeLetter, type MailPages } from './templates/write-letter.ts'

/** Supplies the links that mails name by their token's row; the slice that owns the tokens implements it. */
export interface LinkSource {
  /** The signed link, or null when the token has been used, has expired or is gone: then there is nothing to send. */
  linkFor(scope: Scope, tokenId: string): Promise<string | null>
}

export interface MailParts {
  readonly mailer: Mailer
  readonly links: LinkSource
  readonly pages: MailPages
  /** The domain of Message-IDs. */
  readonly messageIdDomain: string
}

/**
 * Sends one queued mail, once: a repeated job finds `sentAt` set and does nothing. A crash between the mail server's
 * yes and our commit sends the same mail again, under the same Message-ID.
 */
export async function sendMail(scope: Scope & { mail: MailParts }, job: SendMailJob): Promise<void> {
  const { em, clock, log, mail } = scope
  const [row] = await em.execute<{ sent_at: string | null }[]>('select sent_at from mails where id = ?', [job.mailId])
  if (!row || row.sent_at) return

  const link = 'tokenId' in job.props ? await mail.links.linkFor(scope, job.props.tokenId) : ''
  if (link === null) {
    log.info({ mailId: job.mailId, template: job.template }, 'mail dropped: its link is no longer valid')
    return
  }
  const { subject, html, text } = render(writeLetter(job, mail.pages, link))
  await mail.mailer.send({ messageId: `${job.mailId}@${mail.messageIdDomain}`, to: job.to, subject, html, text })
  await em.execute('update mails set sent_at = ? where id = ?', [clock.now(), job.mailId])
}
