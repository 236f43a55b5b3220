import { HOUR } from '../platform/durations.ts'
import type { Scope } from '../platform/scope.ts'
import { isReachable } from './is-reachable.ts'
import type { MailPages } from './mail-pages.ts'
import type { MailSecret } from './mail-secret.ts'
import type { SendMailJob } from './mail.queues.ts'
import { render } from './render.ts'
import type { Mailer } from './smtp.ts'
import { writeLetter } from './templates/write-letter.ts'

/**
 * Supplies what only the reader of a mail may know, just before it is sent; the slice that owns the tokens and codes
 * implements it. Null when there is nothing left to send, since the token has been used, has expired or is gone.
 */
export interface SecretSource {
  /** @returns the signed link. */
  linkFor(scope: Scope, tokenId: string): Promise<MailSecret | null>
  /**
   * @param email where the mail goes; an account that has moved away from it gets no code there.
   * @returns a new log-in code, which voids the last one.
   */
  codeFor(scope: Scope, userId: string, email: string): Promise<MailSecret | null>
}

/** Whoever waits longer than this for a log-in code has gone, or asked for another. */
const CODE_PATIENCE = HOUR

export interface MailParts {
  readonly mailer: Mailer
  readonly secrets: SecretSource
  readonly pages: MailPages
  /** The domain of Message-IDs. */
  readonly messageIdDomain: string
}

/**
 * Sends one queued mail, once: a repeated job finds `sentAt` set and does nothing. A crash between the mail server's
 * yes and our commit sends the same mail again, under the same Message-ID.
 *
 * @throws {RecipientRefused} at once given up; whatever else is thrown is tried again, for a good day.
 */
export async function sendMail(scope: Scope & { mail: MailParts }, job: SendMailJob): Promise<void> {
  const { em, clock, log, mail } = scope
  const [row] = await em.execute<{ sent_at: string | null; created_at: string }[]>(
    'select sent_at, created_at from mails where id = ?',
    [job.mailId],
  )
  if (!row || row.sent_at || !isReachable(job.to)) return

  const secret = await secretFor(scope, job, new Date(row.created_at))
  if (secret === null) {
    log.info({ mailId: job.mailId, template: job.template }, 'mail dropped: what it would say is no longer valid')
    return
  }
  const { subject, html, text } = render(writeLetter(job, mail.pages, secret), mail.pages)
  await mail.mailer.send({ messageId: `${job.mailId}@${mail.messageIdDomain}`, to: job.to, subject, html, text })
  await em.execute('update mails set sent_at = ? where id = ?', [clock.now(), job.mailId])
}

const NO_SECRET: MailSecret = { text: '', lifetime: 0 }

async function secretFor(
  scope: Scope & { mail: MailParts },
  { props, to }: SendMailJob,
  queuedAt: Date,
): Promise<MailSecret | null> {
  const { secrets } = scope.mail
  if ('tokenId' in props) return secrets.linkFor(scope, props.tokenId)
  if (!('codeFor' in props)) return NO_SECRET
  // A new code voids the last: one asked for before a mail server's long silence must not void the one asked for after.
  const waited = scope.clock.now().getTime() - queuedAt.getTime()
  return waited > CODE_PATIENCE ? null : secrets.codeFor(scope, props.codeFor, to)
}
