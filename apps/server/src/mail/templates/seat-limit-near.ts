import { plainName } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { SeatsTaken } from '../mail.queues.ts'
import { membersPage } from './members-page.ts'

export function seatLimitNear(props: SeatsTaken, site: MailSite): Letter {
  const { username, accountId, used, max } = props
  const { greeting, seatLimitNear: words } = site.texts
  const account = plainName(props.accountName)
  const hasRoom = used < max
  return {
    subject: hasRoom ? words.subject(account) : words.subjectFull(account),
    greeting: greeting(username),
    paragraphs: [words.what(account, max, used), hasRoom ? words.one : words.none],
    action: membersPage(site, accountId),
  }
}
