export interface ReceivedMail {
  id: string
  subject: string
  text: string
  to: { address: string }[]
}

/**
 * Waits for an email to arrive in the inbox.
 *
 * @param inboxUrl without a trailing slash.
 * @throws {Error} when it does not arrive within `timeout` milliseconds.
 */
export async function aMailTo(
  inboxUrl: string,
  address: string,
  subject: RegExp,
  timeout = 15_000,
): Promise<ReceivedMail> {
  const deadline = Date.now() + timeout
  for (;;) {
    const url = `${inboxUrl}/api/email?to.address=${encodeURIComponent(address)}`
    const mails = (await (await fetch(url)).json()) as ReceivedMail[]
    const mail = mails.find((each) => subject.test(each.subject))
    if (mail) return mail
    if (Date.now() > deadline) throw new Error(`No email with the subject ${subject} arrived for ${address}.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The token in the link of an email. */
export function tokenIn(mail: ReceivedMail): string {
  const token = /[?&]token=([\w.-]+)/.exec(mail.text)?.[1]
  if (!token) throw new Error(`The email "${mail.subject}" has no link with a token.`)
  return token
}
