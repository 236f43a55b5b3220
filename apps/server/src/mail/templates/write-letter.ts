import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { MailSecret } from '../mail-secret.ts'
import type { MailContent } from '../mail.queues.ts'
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
import { planChanged } from './plan-changed.ts'
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

/**
 * Writes the text of an email.
 *
 * @param secret the signed link or the code, for the templates that have one; the others ignore it.
 */
export function writeLetter(content: MailContent, pages: MailPages, secret: MailSecret): Letter {
  switch (content.template) {
    case 'verify-email':
      return verifyEmail(content.props, secret)
    case 'reset-password':
      return resetPassword(content.props, secret)
    case 'confirm-email':
      return confirmEmail(content.props, secret)
    case 'login-code':
      return loginCode(content.props, secret)
    case 'password-changed':
      return passwordChanged(content.props, pages)
    case 'email-change-requested':
      return emailChangeRequested(content.props, pages)
    case 'email-changed':
      return emailChanged(content.props, pages)
    case 'sessions-ended':
      return sessionsEnded(content.props, pages)
    case 'login-method-changed':
      return loginMethodChanged(content.props, pages)
    case 'subscription-started':
      return subscriptionStarted(content.props, pages)
    case 'subscription-paused':
      return subscriptionPaused(content.props, pages)
    case 'subscription-renewed':
      return subscriptionRenewed(content.props, pages)
    case 'payment-failed':
      return paymentFailed(content.props, pages)
    case 'payment-action-required':
      return paymentActionRequired(content.props, pages)
    case 'plan-changed':
      return planChanged(content.props, pages)
    case 'subscription-will-cancel':
      return subscriptionWillCancel(content.props, pages)
    case 'trial-ending':
      return trialEnding(content.props, pages)
    case 'subscription-canceled':
      return subscriptionCanceled(content.props, pages)
    case 'invitation':
      return invitation(content.props, pages, secret)
    case 'invitation-accepted':
      return invitationAccepted(content.props, pages)
    case 'member-removed':
      return memberRemoved(content.props, pages)
    case 'ownership-changed':
      return ownershipChanged(content.props, pages)
    case 'seat-limit-near':
      return seatLimitNear(content.props, pages)
  }
}
