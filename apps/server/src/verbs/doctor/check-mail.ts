import type { Config } from '../../config.ts'
import { createMailer } from '../../mail/index.ts'
import { fine, wrong, type Finding } from './finding.ts'

/** Whether the mail server answers and takes the log-in; no mail is sent. */
export async function checkMail({ SMTP_URL, MAIL_FROM }: Config): Promise<Finding[]> {
  const { host, username } = new URL(SMTP_URL)
  const mailer = createMailer({ smtpUrl: SMTP_URL, from: MAIL_FROM })
  try {
    await mailer.check()
    return [fine(`${host} ${username ? 'takes the log-in' : 'answers'}; mails come from ${MAIL_FROM}`)]
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return [wrong(`${host} can’t be used (${why}): is it running, and are name and password in SMTP_URL right?`)]
  } finally {
    mailer.close()
  }
}
