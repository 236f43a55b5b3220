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
   * Resolves once the mail server has accepted the email.
   *
   * @throws {RecipientRefused} when the server permanently refuses the recipient's address. Any other error may be
   *   temporary: no answer, "try again later", or a refusal of us rather than of the recipient.
   */
  send(mail: OutgoingMail): Promise<void>
  /** Connects and logs in without sending an email. Rejects if either fails. */
  check(): Promise<void>
  close(): void
}

/** The mail server permanently refuses the recipient's address. */
class RecipientRefused extends JobRefused {}

/** Maximum number of emails sent at the same time, each over its own connection. */
const MAX_CONNECTIONS = 5

/**
 * Creates a mailer that reuses a few connections. It gives up on a server that doesn't answer for 10 to 20 seconds.
 * Answers to its emails go to `replyTo`, if it is set.
 */
export function createMailer(options: { smtpUrl: string; from: string; replyTo?: string | undefined }): Mailer {
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
          ...(options.replyTo !== undefined && { replyTo: { name: '', address: options.replyTo } }),
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

/** Returns the name in a sender such as `Tollgate <no-reply@example.com>`, or an empty string for a bare address. */
export function senderName(from: string): string {
  return addressparser(from, { flatten: true })[0]?.name ?? ''
}

/** Gives a sender such as `no-reply@example.com` this name. */
export function withName(from: string, name: string): string {
  const address = addressparser(from, { flatten: true })[0]?.address
  return address ? `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}" <${address}>` : from
}

interface SmtpError extends Error {
  command?: string
  responseCode?: number
  response?: string
}

/** Answers to RCPT that refuse us, not the recipient: authentication required, authentication failed. */
const ABOUT_US = new Set([530, 534, 535, 538])

/**
 * Whether the server permanently refuses the recipient's address. Only answers to RCPT are about the recipient. Even
 * there, an enhanced status x.7.x (relaying denied, blocked) is about us, and goes away once the operator has fixed it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3463
 */
function isAboutRecipient(error: unknown): error is SmtpError {
  if (!(error instanceof Error)) return false
  const { command, responseCode = 0, response = '' }: SmtpError = error
  if (command !== 'RCPT TO' || responseCode < 500 || ABOUT_US.has(responseCode)) return false
  return !/^\d{3}[ -]5\.7\./.test(response)
}

/** Admins see this message in the list of failed jobs, which must not show recipients' addresses. */
function refusal({ response = '' }: SmtpError, address: string): string {
  return `The mail server refuses this address: ${response.replaceAll(address, '…')}`
}
