import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PlanProps } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function subscriptionWillCancel(ending: PlanProps, site: MailSite): Letter {
  const { username, planName, periodEnd, endsAt, isPaused } = ending
  const { texts } = site
  const words = texts.subscriptionWillCancel
  const renewsBefore = endsAt !== null && endsAt > periodEnd
  const whatHappens = isPaused ? words.endsPaused : renewsBefore ? words.endsLater : words.ends
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [whatHappens(planName, formatMinute(texts, endsAt ?? periodEnd)), words.undo],
    action: subscriptionLink(site, ending),
  }
}
