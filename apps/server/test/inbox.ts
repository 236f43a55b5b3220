import { inject } from 'vitest'

export interface ReceivedMail {
  id: string
  subject: string
  text: string
  html: string
  messageId: string
  to: string
}

/** The mails that an address has got, oldest first. */
export async function mailsTo(address: string): Promise<ReceivedMail[]> {
  const { url } = inject('inbox')
  const listed = (await (await fetch(`${url}/api/email`)).json()) as { id: string; to: { address: string }[] }[]
  const mine = listed.filter(({ to }) => to.some((recipient) => recipient.address === address))
  return Promise.all(
    mine.map(async ({ id }) => {
      const mail = (await (await fetch(`${url}/api/email/${id}`)).json()) as Omit<ReceivedMail, 'messageId'> & {
        headers: Record<string, string>
      }
      const messageId = mail.headers['message-id']
      if (!messageId) throw new Error(`A mail to ${address} has no Message-ID.`)
      return { ...mail, to: address, messageId }
    }),
  )
}

/** Waits for a mail to an address. */
export async function aMailTo(address: string, subject: RegExp): Promise<ReceivedMail> {
  return until(`a mail to ${address} with ${subject}`, async () =>
    (await mailsTo(address)).find((mail) => subject.test(mail.subject)),
  )
}

/** The token in a mail's link. */
export function tokenIn(mail: ReceivedMail): string {
  const token = /[?&]token=([\w.-]+)/.exec(mail.text)?.[1]
  if (!token) throw new Error(`There is no link with a token in: ${mail.text}`)
  return token
}

/** Asks again and again until there is an answer. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, timeout = 10_000): Promise<T> {
  const deadline = Date.now() + timeout
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}

/** The six-digit code in a mail. */
export function codeIn(mail: ReceivedMail): string {
  const code = /^\d{6}$/m.exec(mail.text)?.[0]
  if (!code) throw new Error(`There is no code in: ${mail.text}`)
  return code
}
