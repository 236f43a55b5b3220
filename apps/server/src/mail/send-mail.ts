import { HOUR } from '../platform/durations.ts'
import { JobRefused } from '../platform/jobs/jobs.ts'
import type { Scope } from '../platform/scope.ts'
import { isReachable } from './is-reachable.ts'
import type { MailSecret } from './mail-secret.ts'
import type { MailSite } from './mail-site.ts'
import type { SendMailJob } from './mail.queues.ts'
import { withOwnWords } from './own-words.ts'
import { render } from './render.ts'
import type { Mailer } from './smtp.ts'
import { writeLetter } from './templates/write-letter.ts'

/**
 * Makes the links and codes of emails just before they are sent. The slices that own tokens, codes, invitations and
 * debts implement it. They return null when there is nothing left to send: the token was used, has expired or is gone.
 */
export interface SecretSource {
  /** @returns the signed link, or null. */
  linkFor(scope: Scope, tokenId: string): Promise<MailSecret | null>
  /**
   * @param email the recipient. If the account's address has changed since, no code goes to the old one.
   * @returns a new login code, which voids the previous one, or null.
   */
  codeFor(scope: Scope, userId: string, email: string): Promise<MailSecret | null>
  /** Whether someone else has proven the address since it was this user's. */
  isAnothers(scope: Scope, email: string, userId: string): Promise<boolean>
  /** @returns the time zone that the user wants to read times in, or null. */
  timeZoneOf(scope: Scope, userId: string): Promise<string | null>
  /** @returns the signed link of an invitation, or null. */
  invitationFor(scope: Scope, invitationId: string): Promise<MailSecret | null>
  /** @returns a new link that pays the invoice of a recovery, or null if there is nothing left to pay. */
  payLinkFor(scope: Scope, recoveryId: string): Promise<MailSecret | null>
}

/** After waiting this long for a login code, a user has left or requested another one. */
const CODE_PATIENCE = HOUR

export interface MailDeps {
  readonly mailer: Mailer
  readonly secrets: SecretSource
  readonly site: MailSite
  /** The domain of Message-IDs. */
  readonly messageIdDomain: string
}

/**
 * Sends a queued email. A repeated job does nothing, because `sentAt` is set by then. If the worker crashes after the
 * mail server accepts the email but before `sentAt` is written, the email is sent again under the same Message-ID.
 *
 * @param options.isLastAttempt whether the job is given up if this attempt fails. The row then says so.
 * @throws {RecipientRefused} which the queue doesn't retry, unlike any other error.
 */
export async function sendMail(
  scope: Scope & { mail: MailDeps },
  job: SendMailJob,
  { isLastAttempt = false }: { isLastAttempt?: boolean } = {},
): Promise<void> {
  const { em, clock, log, mail } = scope
  const [row] = await em.execute<{ sent_at: string | null; created_at: string; user_id: string | null }[]>(
    'select sent_at, created_at, user_id from mails where id = ?',
    [job.mailId],
  )
  if (!row || row.sent_at || !isReachable(job.to)) return

  const secret = await secretFor(scope, job, new Date(row.created_at))
  if (secret === null || (await isForAnother(scope, job, row.user_id))) {
    await em.execute('update mails set dropped_at = ? where id = ?', [clock.now(), job.mailId])
    log.info({ mailId: job.mailId, template: job.template }, 'mail dropped: what it would say is no longer valid')
    return
  }
  const timeZone = row.user_id === null ? null : await mail.secrets.timeZoneOf(scope, row.user_id)
  const { subject, html, text } = render(
    withOwnWords(writeLetter(job, mail.site, secret, timeZone), job, mail.site, timeZone),
    mail.site,
  )
  try {
    await mail.mailer.send({ messageId: `${job.mailId}@${mail.messageIdDomain}`, to: job.to, subject, html, text })
  } catch (error) {
    const isOver = isLastAttempt || error instanceof JobRefused
    await em.execute('update mails set last_error = ?, failed_at = ? where id = ?', [
      ...[error instanceof Error ? error.message.slice(0, 1000) : 'unknown', isOver ? clock.now() : null],
      job.mailId,
    ])
    throw error
  }
  await em.execute('update mails set sent_at = ?, failed_at = null where id = ?', [clock.now(), job.mailId])
}

/** These notices tell users that their address changes. So they go to the old address, even if it has another owner now. */
const TO_FORMER_ADDRESS: ReadonlySet<SendMailJob['template']> = new Set(['email-changed', 'email-change-requested'])

/** Whether the mail waited so long that its address is another person's now. */
async function isForAnother(
  scope: Scope & { mail: MailDeps },
  { to, template }: SendMailJob,
  userId: string | null,
): Promise<boolean> {
  if (userId === null || TO_FORMER_ADDRESS.has(template)) return false
  return scope.mail.secrets.isAnothers(scope, to, userId)
}

const NO_SECRET: MailSecret = { text: '', lifetime: 0 }

async function secretFor(
  scope: Scope & { mail: MailDeps },
  { template, props, to }: SendMailJob,
  queuedAt: Date,
): Promise<MailSecret | null> {
  const { secrets } = scope.mail
  if ('tokenId' in props) return secrets.linkFor(scope, props.tokenId)
  if ('invitationId' in props) return secrets.invitationFor(scope, props.invitationId)
  if ('payLinkFor' in props && props.payLinkFor !== undefined) {
    const link = await secrets.payLinkFor(scope, props.payLinkFor)
    // The failure itself has happened, even if it is paid by now. A reminder would ask for something.
    return link ?? (template === 'payment-reminder' ? null : NO_SECRET)
  }
  if (!('codeFor' in props)) return NO_SECRET
  // After an outage of the mail server, jobs for old and new requests run together. Each code voids the previous one,
  // so the code for an old request could void the one that the user is waiting for.
  const waited = scope.clock.now().getTime() - queuedAt.getTime()
  return waited > CODE_PATIENCE ? null : secrets.codeFor(scope, props.codeFor, to)
}
