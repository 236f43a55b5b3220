import { createTransport } from 'nodemailer'
import { SECOND } from '../platform/durations.ts'

export interface OutgoingMail {
  /** Without the angle brackets. */
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface Mailer {
  /** Resolves once the mail server has taken the mail. */
  send(mail: OutgoingMail): Promise<void>
  close(): void
}

/** Sends over a few kept connections; a server that does not answer fails the job, which is then tried again. */
export function createMailer(options: { smtpUrl: string; from: string }): Mailer {
  const transport = createTransport({
    url: options.smtpUrl,
    pool: true,
    maxConnections: 3,
    connectionTimeout: 10 * SECOND,
    greetingTimeout: 10 * SECOND,
    socketTimeout: 20 * SECOND,
  })
  return {
    async send(mail) {
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
    },
    close: () => transport.close(),
  }
}
