import { formatMinute, plainName } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { MemberRemoved } from '../mail.queues.ts'

export function memberRemoved({ username, accountName, at }: MemberRemoved, { webUrl }: MailPages): Letter {
  const account = plainName(accountName)
  return {
    subject: `You're no longer a member of “${account}”`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `You were removed from the organization “${account}” on ${formatMinute(at)}. You can no longer use what it pays for.`,
      'Your own login and your personal account stay as they are. If you think this is a mistake, ask an owner of the organization.',
    ],
    action: { label: 'View my accounts', url: webUrl },
  }
}
