import type { SessionEndReason } from './end-reason.ts'
import { isTollgateError } from './errors.ts'
import type { KnownReason } from './generated/api.ts'

/** Reasons that arrive in the address of a page after a login with Google or GitHub. */
type OAuthReason = 'OAUTH_DENIED' | 'OAUTH_STATE' | 'OAUTH_FAILED' | 'EMAIL_UNVERIFIED'

const IN_A_MOMENT = 'in a moment'
const OUR_MISTAKE = 'Something went wrong on our side. Please try again in a moment.'
const LOG_IN_AGAIN = 'Your session has ended. Please log in again.'

const TEXTS: Record<KnownReason | SessionEndReason | OAuthReason, string> = {
  ACCOUNT_CLOSED: 'This account is closed. Open it again first.',
  ACCOUNT_DISABLED: 'This account is disabled.',
  ACCOUNT_NOT_FOUND: 'There is no such account among yours.',
  ADD_ON_CONFLICT: 'One of your add-ons does not go with this plan. Choose another plan, or contact support.',
  ADMIN_ONLY: 'Only administrators can do this.',
  ALREADY_CANCELING: 'Your subscription is already set to cancel. Undo the cancellation first.',
  ALREADY_MEMBER: 'The person with this email address is already a member.',
  ALREADY_SUBSCRIBED: 'You already have a subscription. Change it instead.',
  BATCH_TOO_LARGE: OUR_MISTAKE,
  BUSY: 'We are very busy right now. Please try again in a moment.',
  CARD_IN_USE:
    'Your subscription is charged to this card. Add another card, or make another one the primary card first.',
  CARD_NOT_FOUND: 'This card is no longer on file.',
  CANNOT_CHANGE_SELF: 'You cannot change your own account. Ask another administrator to do it.',
  CODE_INVALID: 'This code is wrong or has expired. Check it, or request a new one.',
  CODE_NOT_VALID: 'This promotion code is not valid for this purchase.',
  CURRENCY_MISMATCH: 'This plan is sold in a different currency than yours, so you cannot change to it.',
  CURSOR_TOO_OLD: OUR_MISTAKE,
  CURSOR_UNKNOWN: OUR_MISTAKE,
  DISCOUNT_CODE_TAKEN: 'A promotion code with this name already exists. Choose another one.',
  DISCOUNT_ENDED: 'This discount has ended.',
  DISCOUNT_NOT_FOUND: 'This discount does not exist.',
  EMAIL_NOT_VERIFIED: 'Please verify your email address first.',
  EMAIL_TAKEN: 'An account with this address already exists.',
  EMAIL_UNVERIFIED:
    'Your email address is not verified there, so we could not use it to log you in. Nothing has changed.',
  EVENT_NOT_FOUND: 'This event does not exist.',
  FEATURE_NOT_FOUND: 'There is no such feature.',
  FEATURE_REQUIRED: 'Your plan does not include this, or you have used all of it.',
  FINDING_NOT_FOUND: 'This finding does not exist, or it has been resolved already.',
  IDENTITY_NOT_FOUND: 'This account is not linked.',
  IDENTITY_TAKEN: 'That account is already linked to another user.',
  INTERNAL_ERROR: OUR_MISTAKE,
  INVALID_CREDENTIALS: 'Wrong email address or password.',
  INVALID_INPUT: 'Please check what you entered.',
  INVALID_SERVICE_KEY: OUR_MISTAKE,
  INVALID_TOKEN: LOG_IN_AGAIN,
  INVALID_WEBHOOK: OUR_MISTAKE,
  INVITATION_NOT_FOUND: 'This invitation does not exist. It may have been accepted or revoked.',
  JOB_NOT_FOUND: 'This job does not exist.',
  LAST_ADMIN: 'You are the only administrator. Make another user an administrator first.',
  LAST_LOGIN_METHOD: 'This is your only way to log in. Add an email address or connect another account first.',
  LAST_OWNER: 'The organization needs an owner. Make another member an owner first, or delete the organization.',
  LOGGED_IN_ELSEWHERE: 'You logged in on another device, which logged you out here. Please log in again.',
  MAIL_NOT_FOUND: 'This mail does not exist. Old ones are deleted.',
  MAIL_NOT_RESENDABLE: 'This mail can not be sent again. Its page says why.',
  MEMBER_NOT_FOUND: 'This user is not a member.',
  METHOD_NOT_ALLOWED: OUR_MISTAKE,
  NOT_AN_UPGRADE: 'This plan is not an upgrade from yours.',
  NOT_A_SWITCH: "You don't pay through another provider. Subscribe to this plan, or change to it, instead.",
  NOT_CANCELING: 'Your subscription is not set to cancel.',
  NOT_FOUND: OUR_MISTAKE,
  NOT_REFUNDABLE: 'There is nothing left to refund on this payment.',
  NO_CUSTOMER: 'You have not paid for anything yet.',
  NO_PASSWORD: 'Your account has no password, because you log in another way. You can set a password by email.',
  NO_SUBSCRIPTION: 'You do not have a subscription.',
  NO_UPCOMING_SUBSCRIPTION: 'No plan waits to begin. It may have begun already.',
  OAUTH_DENIED: 'You did not allow the login, so nothing has changed.',
  OAUTH_FAILED: 'The login failed. Please try again.',
  OAUTH_STATE: 'This login took too long, or was started in another browser. Please try again.',
  ORIGIN_NOT_ALLOWED: 'Logging in from this website is not allowed.',
  OTHER_ADDRESS: 'This invitation is for another email address. Log in with that address to accept it.',
  OTHER_PLAN_CHOSEN: 'Another plan has been chosen or is already scheduled.',
  PLAN_MOVE_NOT_FOUND: 'This move of subscribers does not exist.',
  PAYLOAD_TOO_LARGE: 'That is too much data.',
  OVERRIDE_NOT_FOUND: 'This account has no override for this feature.',
  PAYMENT_DUE: 'A payment is still due. Pay it before you change plans.',
  PAYMENT_FAILED:
    'Your card was declined, or your bank wants you to confirm the payment. Nothing was charged or changed.',
  PAYMENT_METHOD_REQUIRED: 'We have no card to charge. Add one, or pay on the checkout page.',
  PAYMENT_NOT_FOUND: 'This payment does not exist.',
  PAYMENT_PROVIDER_ERROR: 'The payment provider did not respond. Nothing was charged. Please try again in a moment.',
  PERSONAL_ACCOUNT: 'This is your personal account. Create an organization to work with others.',
  PLAN_CODE_TAKEN: 'A plan with this code already exists.',
  PLAN_INACTIVE: 'This plan is already off sale.',
  PLAN_MOVE_OPEN: 'The subscribers of this plan are being moved already. Wait until that is finished, or stop it.',
  PLAN_NOT_FOUND: 'This plan is no longer available.',
  PLAN_REQUIRED: 'Your plan does not include this.',
  PREVIEW_STALE: 'Some time has passed, so we recalculated the amounts. Nothing was charged. Please check them again.',
  PROVIDER_UNSUPPORTED: 'The payment provider of this plan or subscription cannot do this.',
  RATE_LIMITED: 'Too many attempts. Please try again in a moment.',
  REFRESH_TOKEN_INVALID: LOG_IN_AGAIN,
  REFRESH_TOKEN_MISSING: 'Please log in.',
  REFRESH_TOKEN_REUSED: 'We ended your session for your security. Please log in again.',
  REPLACED: 'Another account has logged in in this browser, so we logged you out here. Please log in again.',
  RESERVATION_CLOSED: 'This reservation is closed already.',
  RESERVATION_NOT_FOUND: 'There is no such reservation.',
  ROLE_REQUIRED: 'Your role does not allow this. Ask an owner.',
  SAME_PLAN: 'You already have this plan.',
  SCOPE_REQUIRED: OUR_MISTAKE,
  SEAT_LIMIT: 'All seats of your plan are taken. Remove a member or an invitation, or choose a larger plan.',
  SERVICE_KEY_NOT_FOUND: 'This service key does not exist.',
  SESSION_NOT_FOUND: 'We could not find it. It may belong to another account.',
  SUBSCRIPTION_NOT_FOUND: 'This subscription does not exist.',
  SUBSCRIPTION_PAUSED: 'Your subscription is paused. You can change plans once it continues.',
  SWITCH_PENDING: 'A new plan begins when your present one ends. To do something else, cancel the new plan first.',
  SWITCH_TOO_LATE: 'Your current plan renews or ends within two days. Choose this plan after that.',
  TOKEN_EXPIRED: 'This link has expired.',
  TOKEN_INVALID: 'This link is no longer valid.',
  TOO_MANY_ACCOUNTS: 'You already own 20 organizations.',
  TRANSPORT_NOT_ALLOWED: OUR_MISTAKE,
  TOO_MANY_WEBHOOK_ENDPOINTS: 'There are 20 webhook endpoints already. Delete one first.',
  UNKNOWN_PROCEDURE: OUR_MISTAKE,
  UNSUPPORTED_MEDIA_TYPE: OUR_MISTAKE,
  USAGE_KEY_REUSED: 'This key was used before for something else.',
  USERNAME_TAKEN: 'This username is taken. Please choose another.',
  USER_NOT_FOUND: 'This user does not exist.',
  WEBHOOK_DELIVERY_NOT_FOUND: 'This webhook delivery does not exist. Old ones are deleted.',
  WEBHOOK_ENDPOINT_NOT_FOUND: 'This webhook endpoint does not exist.',
  WEBHOOK_ENDPOINT_OFF: 'This webhook endpoint is off. Switch it on first.',
  WRONG_PASSWORD: 'Wrong password.',
}

/**
 * Says to a user in a sentence or two why a call failed, also if the backend could not be reached.
 *
 * @param waitedSeconds how long ago the call failed, to count down the time that the user has to wait.
 */
export function errorText(error: unknown, waitedSeconds = 0): string {
  if (!isTollgateError(error)) return 'We could not reach the server. Are you online?'
  const { reason, retryAfter } = error.data
  // Only the server knows which provider can't do what, and what to do instead; and why a code is not valid.
  if (reason === 'PROVIDER_UNSUPPORTED' || reason === 'CODE_NOT_VALID') return error.message
  // The words of a reason that the server's configuration adds are in the configuration.
  if (!isKnown(reason)) return error.data.httpStatus < 500 ? error.message : OUR_MISTAKE
  const sentence = reasonText(reason)
  return retryAfter === undefined ? sentence : sentence.replace(IN_A_MOMENT, inSeconds(retryAfter - waitedSeconds))
}

/**
 * Says to a user what a reason means: of an error, of the end of a session, or of a login with Google or GitHub.
 *
 * @param reason may come from the address of a page. Unknown text is never shown.
 */
export function reasonText(reason: string): string {
  return isKnown(reason) ? TEXTS[reason] : OUR_MISTAKE
}

function isKnown(reason: string): reason is keyof typeof TEXTS {
  return Object.hasOwn(TEXTS, reason)
}

function inSeconds(seconds: number): string {
  if (seconds <= 0) return 'now'
  if (seconds === 1) return 'in a second'
  return seconds < 120 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`
}
