import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { PauseProps } from '../mail.queues.ts'
import { subscriptionLink } from './billing-pages.ts'

export function subscriptionPaused(pause: PauseProps, site: MailSite): Letter {
  const { username, planName, from, until, isPaused } = pause
  const { texts } = site
  const words = texts.subscriptionPaused
  return {
    subject: isPaused ? words.subject(planName) : words.subjectBefore(planName),
    greeting: texts.greeting(username),
    paragraphs: [
      isPaused ? words.is(planName) : words.will(planName, formatMinute(texts, from)),
      [words.meanwhile, ...(until ? [words.until(formatMinute(texts, until))] : [])].join(' '),
    ],
    action: subscriptionLink(site, pause),
  }
}
