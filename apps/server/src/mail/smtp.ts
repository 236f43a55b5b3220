import { createTransport } from 'nodemailer'
import addressparser from 'nodemailer/lib/addressparser'
import { SECOND } from '../platform/durations.ts'
import { JobRefused } from '../platform/jobs/jobs.ts'

export interface OutgoingMail {
  /** Without the angle brackets. */
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface Mailer {
  /**
   * Resolves once the mail server has taken the mail.
   *
   * @throws {RecipientRefused} the server will never take mail for this address; everything else that is thrown (no
   *   answer, "later", a refusal of us rather than of the reader) may pass.
   */
  send(mail: OutgoingMail): Promise<void>
  /** Goes as far as one can without a mail: connects and logs in. Throws what goes wrong. */
  check(): Promise<void>
  close(): void
}

/** The mail server refuses the address for good; no retry helps. */
class RecipientRefused extends JobRefused {}

/** How many mails are on their way at once; each has a connection, which is kept for the next. */
const MAX_CONNECTIONS = 5

/** Sends over a few kept connections; a server that does not answer is given up after some seconds. */
export function createMailer(options: { smtpUrl: string; from: string }): Mailer {
  const transport = createTransport({
    url: options.smtpUrl,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    dnsTimeout: 10 * SECOND,
    connectionTimeout: 10 * SECOND,
    greetingTimeout: 10 * SECOND,
    socketTimeout: 20 * SECOND,
  })
  return {
    async send(mail) {
      try {
        await transport.sendMail({
          from: options.from,
          // As an object, an address can't smuggle in a second recipient or a header.
          to: { name: '', address: mail.to },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          messageId: `<${mail.messageId}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        })
      } catch (error) {
        throw isAboutRecipient(error) ? new RecipientRefused(refusal(error, mail.to), { cause: error }) : error
      }
    },
    check: async () => void (await transport.verify()),
    close: () => transport.close(),
  }
}

/** What a sender such as `Tollgate <no-reply@example.com>` is called; an empty string where it is an address only. */
export function senderName(from: string): string {
  return addressparser(from, { flatten: true })[0]?.name ?? ''
}

interface SmtpError extends Error {
  command?: string
  responseCode?: number
  response?: string
}

/** Answers to RCPT that are about who we are, not about the reader: log in first, authentication failed. */
const ABOUT_US = new Set([530, 534, 535, 538])

/**
 * Whether a server refuses the reader's address for good. Only RCPT is about the reader; an enhanced status x.7.x
 * (relaying denied, blocked) is about us even there, and so may pass once the operator has seen to it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3463
 */
function isAboutRecipient(error: unknown): error is SmtpError {
  if (!(error instanceof Error)) return false
  const { command, responseCode = 0, response = '' }: SmtpError = error
  if (command !== 'RCPT TO' || responseCode < 500 || ABOUT_US.has(responseCode)) return false
  return !/^\d{3}[ -]5\.7\./.test(response)
}

/** An admin sees it among the failed jobs, where no reader's address is shown. */
function refusal({ response = '' }: SmtpError, address: string): string {
  return `The mail server refuses this address: ${response.replaceAll(address, '…')}`
}
