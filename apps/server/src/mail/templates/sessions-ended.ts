import { describeDevice } from '../device.ts'
import { formatAddress, requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { SessionsEnded } from '../mail.queues.ts'

export function sessionsEnded({ username, at, by, ended }: SessionsEnded, { webUrl }: MailPages): Letter {
  const session = ended && `${describeDevice(ended.userAgent)}, logged in from ${formatAddress(ended.ip)}`
  return {
    subject: 'We logged you out to protect your account',
    greeting: `Hello ${username},`,
    paragraphs: [
      'An old copy of your login was used again. This can be harmless, but it also happens when someone has stolen a login. To be safe, we ended that session.',
      'Please log in again. If this looks suspicious to you, change your password as well.',
    ],
    details: [...requestDetails(at, by), ...(session ? [{ name: 'Session that we ended', value: session }] : [])],
    action: { label: 'Log in', url: `${webUrl}/login` },
  }
}
