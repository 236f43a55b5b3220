import { formatMinute } from '../format.ts'
import type { Letter } from '../render.ts'
import type { EmailChange } from './email-change-requested.ts'

export function emailChanged({ username, newEmail, at }: EmailChange): Letter {
  return {
    subject: 'Your e-mail address was changed',
    greeting: `Hello ${username},`,
    paragraphs: [
      `On ${formatMinute(at)} your account moved to ${newEmail}. This is the last mail to the old address.`,
      'If that was not you, answer to this mail at once: we can see from here what happened.',
    ],
  }
}
