import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'

export interface EmailChange {
  username: string
  newEmail: string
  at: string
}

export function emailChangeRequested({ username, newEmail, at }: EmailChange, { webUrl }: MailPages): Letter {
  return {
    subject: 'Your e-mail address is about to change',
    greeting: `Hello ${username},`,
    paragraphs: [
      `On ${formatMinute(at)} somebody who knows your password asked to move your account to ${newEmail}. It moves when the link that we sent there is confirmed.`,
      'If that was not you, change your password now: that also makes the link useless.',
    ],
    action: { label: 'Change my password', url: `${webUrl}/password` },
  }
}
