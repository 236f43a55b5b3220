import { plainName } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { SeatsTaken } from '../mail.queues.ts'
import { membersPage } from './members-page.ts'

export function seatLimitNear(props: SeatsTaken, pages: MailPages): Letter {
  const { username, accountId, used, max } = props
  const account = plainName(props.accountName)
  return {
    subject: used < max ? `One seat is left in “${account}”` : `All seats of “${account}” are taken`,
    greeting: `Hello ${username},`,
    paragraphs: [
      `The plan of “${account}” has room for ${max} members, and ${used} seats are taken.`,
      used < max
        ? 'One more person can join. After that, remove a member or choose a larger plan.'
        : 'To invite more people, remove a member or choose a larger plan.',
    ],
    action: membersPage(pages, accountId),
  }
}
