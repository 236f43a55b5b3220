import { inject } from 'vitest'

export interface ReceivedMail {
  id: string
  subject: string
  text: string
  html: string
  messageId: string
  to: string
}

/** Returns the emails that the inbox has received for an address, oldest first. */
export async function mailsTo(address: string): Promise<ReceivedMail[]> {
  const { apiUrl } = inject('inbox')
  // The inbox searches: transferring all its emails, of all tests, would take longer than most tests.
  const response = await fetch(`${apiUrl}/api/email?to.address=${encodeURIComponent(address)}`)
  const mine = (await response.json()) as (Omit<ReceivedMail, 'to'> & { headers: Record<string, string> })[]
  return mine.map((mail) => {
    const messageId = mail.headers['message-id']
    if (!messageId) throw new Error(`An email to ${address} has no Message-ID.`)
    return { ...mail, to: address, messageId }
  })
}

/** Waits for an email to an address. */
export async function aMailTo(address: string, subject: RegExp): Promise<ReceivedMail> {
  return until(`an email to ${address} whose subject matches ${subject}`, async () =>
    (await mailsTo(address)).find((mail) => subject.test(mail.subject)),
  )
}

/** Returns the token in an email's link. */
export function tokenIn(mail: ReceivedMail): string {
  const token = /[?&]token=([\w.-]+)/.exec(mail.text)?.[1]
  if (!token) throw new Error(`This email has no link with a token: ${mail.text}`)
  return token
}

/** In milliseconds. */
const LONGEST_PAUSE = 60
/** How long to wait by default, in milliseconds. A busy machine needs several seconds. */
const PATIENCE = 25_000

/**
 * Polls until `ask` returns something other than undefined or false, and returns that.
 *
 * @param what completes the error message "Timed out waiting for …".
 * @param timeout in milliseconds.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  timeout = PATIENCE,
): Promise<T> {
  const deadline = Date.now() + timeout
  // Asking often would slow down what is waited for. So the pauses grow.
  for (let pause = 5; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`Timed out waiting for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** Returns the six-digit code in an email. */
export function codeIn(mail: ReceivedMail): string {
  const code = /^\d{6}$/m.exec(mail.text)?.[0]
  if (!code) throw new Error(`This email has no code: ${mail.text}`)
  return code
}
