export interface ReceivedMail {
  id: string
  subject: string
  text: string
  to: { address: string }[]
}

/**
 * Waits for a mail in the inbox.
 *
 * @param inboxUrl without a trailing slash.
 * @throws {Error} when it has not come within `timeout` milliseconds.
 */
export async function aMailTo(
  inboxUrl: string,
  address: string,
  subject: RegExp,
  timeout = 15_000,
): Promise<ReceivedMail> {
  const deadline = Date.now() + timeout
  for (;;) {
    const mails = (await (await fetch(`${inboxUrl}/api/email`)).json()) as ReceivedMail[]
    const mail = mails.find((each) => subject.test(each.subject) && each.to.some((to) => to.address === address))
    if (mail) return mail
    if (Date.now() > deadline) throw new Error(`No mail with the subject ${subject} came to ${address}.`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The token in a mail's link. */
export function tokenIn(mail: ReceivedMail): string {
  const token = /[?&]token=([\w.-]+)/.exec(mail.text)?.[1]
  if (!token) throw new Error(`There is no link with a token in the mail «${mail.subject}».`)
  return token
}
