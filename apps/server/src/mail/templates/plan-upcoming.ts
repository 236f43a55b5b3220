import { formatPrice } from '../format-price.ts'
import { formatDay } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PlanUpcoming } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function planUpcoming(upcoming: PlanUpcoming, site: MailSite): Letter {
  const { username, planName, amountCents, startsAt } = upcoming
  const { texts } = site
  const words = texts.planUpcoming
  const start = formatDay(texts, startsAt)
  return {
    subject: words.subject(planName, start),
    greeting: texts.greeting(username),
    paragraphs: [
      words.stays(start),
      words.begins(planName, formatPrice(texts, { ...upcoming, cents: amountCents })),
      words.undo(planName),
    ],
    action: subscriptionLink(site, upcoming),
  }
}
