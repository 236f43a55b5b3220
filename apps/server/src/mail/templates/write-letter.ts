import { isTimeZone } from '../../platform/time-zone.ts'
import type { Letter } from '../letter.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailSite } from '../mail-site.ts'
import type { MailContent } from '../mail.queues.ts'
import { cardAdded } from './card-added.ts'
import { cardExpiring } from './card-expiring.ts'
import { confirmEmail } from './confirm-email.ts'
import { emailChangeRequested } from './email-change-requested.ts'
import { emailChanged } from './email-changed.ts'
import { invitationAccepted } from './invitation-accepted.ts'
import { invitation } from './invitation.ts'
import { loginCode } from './login-code.ts'
import { loginMethodChanged } from './login-method-changed.ts'
import { memberRemoved } from './member-removed.ts'
import { ownershipChanged } from './ownership-changed.ts'
import { passwordChanged } from './password-changed.ts'
import { paymentActionRequired } from './payment-action-required.ts'
import { paymentFailed } from './payment-failed.ts'
import { paymentRefunded, refundFailed } from './payment-refunded.ts'
import { paymentReminder } from './payment-reminder.ts'
import { planChanged } from './plan-changed.ts'
import { planUpcoming } from './plan-upcoming.ts'
import { promotionLost } from './promotion-lost.ts'
import { resetPassword } from './reset-password.ts'
import { seatLimitNear } from './seat-limit-near.ts'
import { sessionsEnded } from './sessions-ended.ts'
import { subscriptionCanceled } from './subscription-canceled.ts'
import { subscriptionPaused } from './subscription-paused.ts'
import { subscriptionRenewed } from './subscription-renewed.ts'
import { subscriptionStarted } from './subscription-started.ts'
import { subscriptionWillCancel } from './subscription-will-cancel.ts'
import { trialEnding } from './trial-ending.ts'
import { verifyEmail } from './verify-email.ts'
import { webhookEndpointOff } from './webhook-endpoint-off.ts'

/**
 * Writes the text of an email in the site's language.
 *
 * @param secret the signed link or the code, for the templates that have one; the others ignore it.
 * @param timeZone the reader's; null if they have none.
 */
export function writeLetter(
  content: MailContent,
  mailSite: MailSite,
  secret: MailSecret,
  timeZone: string | null,
): Letter {
  const site = inZoneOf(content, mailSite, timeZone)
  switch (content.template) {
    case 'verify-email':
      return verifyEmail(content.props, site, secret)
    case 'reset-password':
      return resetPassword(content.props, site, secret)
    case 'confirm-email':
      return confirmEmail(content.props, site, secret)
    case 'login-code':
      return loginCode(content.props, site, secret)
    case 'password-changed':
      return passwordChanged(content.props, site)
    case 'email-change-requested':
      return emailChangeRequested(content.props, site)
    case 'email-changed':
      return emailChanged(content.props, site)
    case 'sessions-ended':
      return sessionsEnded(content.props, site)
    case 'login-method-changed':
      return loginMethodChanged(content.props, site)
    case 'subscription-started':
      return subscriptionStarted(content.props, site)
    case 'subscription-paused':
      return subscriptionPaused(content.props, site)
    case 'subscription-renewed':
      return subscriptionRenewed(content.props, site)
    case 'payment-failed':
      return paymentFailed(content.props, site, secret)
    case 'payment-reminder':
      return paymentReminder(content.props, site, secret)
    case 'card-expiring':
      return cardExpiring(content.props, site)
    case 'payment-action-required':
      return paymentActionRequired(content.props, site)
    case 'payment-refunded':
      return paymentRefunded(content.props, site)
    case 'payment-refund-failed':
      return refundFailed(content.props, site)
    case 'plan-changed':
      return planChanged(content.props, site)
    case 'promotion-lost':
      return promotionLost(content.props, site)
    case 'plan-upcoming':
      return planUpcoming(content.props, site)
    case 'subscription-will-cancel':
      return subscriptionWillCancel(content.props, site)
    case 'trial-ending':
      return trialEnding(content.props, site)
    case 'card-added':
      return cardAdded(content.props, site)
    case 'subscription-canceled':
      return subscriptionCanceled(content.props, site)
    case 'invitation':
      return invitation(content.props, site, secret)
    case 'invitation-accepted':
      return invitationAccepted(content.props, site)
    case 'member-removed':
      return memberRemoved(content.props, site)
    case 'ownership-changed':
      return ownershipChanged(content.props, site)
    case 'seat-limit-near':
      return seatLimitNear(content.props, site)
    case 'webhook-endpoint-off':
      return webhookEndpointOff(content.props, site)
  }
}

/**
 * A provider that counts days does so in its own time zone, so its dates are correct only in that zone. It overrides the
 * reader's. This server may not know the reader's zone, if a server with newer time zone data has stored it.
 */
export function inZoneOf({ props }: MailContent, site: MailSite, readerZone: string | null): MailSite {
  const { texts } = site
  const providerZone = ('timeZone' in props ? props.timeZone : undefined) ?? null
  const timeZone = readerZone !== null && isTimeZone(readerZone) ? readerZone : texts.timeZone
  return { ...site, texts: { ...texts, timeZone, providerZone } }
}
