import { senderOf } from '../../brand.ts'
import type { Config } from '../../config.ts'
import { createMailer } from '../../mail/index.ts'
import { fine, wrong, type Finding } from './finding.ts'

/** Checks that the mail server answers and accepts the login. It sends no mail. */
export async function checkMail(config: Config): Promise<Finding[]> {
  const { SMTP_URL } = config
  const from = senderOf(config)
  const { host, username } = new URL(SMTP_URL)
  const mailer = createMailer({ smtpUrl: SMTP_URL, from })
  try {
    await mailer.check()
    return [fine(`${host} ${username ? 'accepts the login' : 'answers'}; mail is sent from ${from}`)]
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return [wrong(`${host} can’t be used (${why}): is it running, and are user name and password in SMTP_URL correct?`)]
  } finally {
    mailer.close()
  }
}
