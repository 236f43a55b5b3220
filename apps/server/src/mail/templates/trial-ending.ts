import { formatPrice } from '../format-price.ts'
import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PlanProps } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function trialEnding(trial: PlanProps, site: MailSite): Letter {
  const { username, planName, amountCents, periodEnd, ...price } = trial
  const { texts } = site
  const words = texts.trialEnding
  return {
    subject: words.subject(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      words.ends(planName, formatMinute(texts, periodEnd), formatPrice(texts, { ...price, cents: amountCents })),
      words.advice,
    ],
    action: subscriptionLink(site, trial),
  }
}
