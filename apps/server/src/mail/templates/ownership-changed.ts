import { formatMinute, plainName } from '../format.ts'
import type { Detail, Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { OwnershipChange } from '../mail.queues.ts'
import { membersPage } from './members-page.ts'

/** Goes to all owners, also to the one who made the change: someone else may use their login. */
export function ownershipChanged(change: OwnershipChange, site: MailSite): Letter {
  const { username, accountId, isReader, isOwner, changedBy, at } = change
  const { texts } = site
  const words = texts.ownershipChanged
  const [account, member] = [plainName(change.accountName), plainName(change.member)]
  const aboutReader = isOwner ? words.youAre(account) : words.youAreNot(account)
  const aboutOther = isOwner ? words.isNow(member, account) : words.isNot(member, account)
  const details: Detail[] = [
    { name: texts.request.time, value: formatMinute(texts, at) },
    { name: words.changedBy, value: plainName(changedBy) },
  ]
  return {
    subject: isReader ? aboutReader : aboutOther,
    greeting: texts.greeting(username),
    paragraphs: [isOwner ? words.gained : words.lost, words.advice],
    details,
    action: membersPage(site, accountId),
  }
}
