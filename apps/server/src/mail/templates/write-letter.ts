import type { MailContent } from '../mail.queues.ts'
import type { Letter } from '../render.ts'
import { sessionsEnded } from './sessions-ended.ts'
import { subscriptionCanceled } from './subscription-canceled.ts'
import { subscriptionStarted } from './subscription-started.ts'
import { verifyEmail } from './verify-email.ts'

/** Where the mails' links lead, besides those that are signed for one reader. */
export interface MailPages {
  /** Without a trailing slash. */
  readonly webUrl: string
}

/** Puts a mail into words. `link` is the signed address of a mail that has one. */
export function writeLetter(content: MailContent, pages: MailPages, link: string): Letter {
  switch (content.template) {
    case 'verify-email':
      return verifyEmail(content.props, link)
    case 'sessions-ended':
      return sessionsEnded(content.props, pages)
    case 'subscription-started':
      return subscriptionStarted(content.props, pages)
    case 'subscription-canceled':
      return subscriptionCanceled(content.props, pages)
  }
}
