import { isTollgateError, type Reason } from '@tollgate/client'

/** Reasons that arrive in the page's URL after a login with Google or GitHub, not as the answer to a call. */
type LoginReason = 'OAUTH_DENIED' | 'OAUTH_STATE' | 'OAUTH_FAILED' | 'EMAIL_UNVERIFIED'

const IN_A_MOMENT = 'in a moment'
const OUR_MISTAKE = 'Something went wrong on our side. Please try again in a moment.'
const LOG_IN_AGAIN = 'Your session has ended. Please log in again.'

const words: Record<Reason | LoginReason, string> = {
  ACCOUNT_DISABLED: 'This account is disabled.',
  ADMIN_ONLY: 'Only an administrator can do this.',
  ALREADY_CANCELING: 'Your subscription is canceled already. Take that back first.',
  ALREADY_SUBSCRIBED: 'You have a subscription already, so that you can change it but not begin another.',
  BATCH_TOO_LARGE: OUR_MISTAKE,
  BUSY: 'There is a lot going on right now. Please try again in a moment.',
  CANNOT_CHANGE_SELF: 'This is your own account. Ask another administrator to change it.',
  CODE_INVALID: 'This code is wrong or too old. Check it, or ask for a new one.',
  CURRENCY_MISMATCH: 'This plan is sold in another currency than yours, so you cannot move to it.',
  EMAIL_NOT_VERIFIED: 'Please verify your e-mail address first.',
  EMAIL_TAKEN: 'There is an account with this address already.',
  EMAIL_UNVERIFIED: 'Your address is not verified there, so we could not log you in with it. Nothing has changed.',
  EVENT_NOT_FOUND: 'There is no such event.',
  IDENTITY_NOT_FOUND: 'This account is not linked.',
  IDENTITY_TAKEN: 'That account is linked to somebody else here.',
  INTERNAL_ERROR: OUR_MISTAKE,
  INVALID_CREDENTIALS: 'E-mail address or password is wrong.',
  INVALID_INPUT: 'Please check what you entered.',
  INVALID_TOKEN: LOG_IN_AGAIN,
  INVALID_WEBHOOK: OUR_MISTAKE,
  JOB_NOT_FOUND: 'There is no such job.',
  LAST_ADMIN: 'You are the only administrator: make somebody else one first.',
  LAST_LOGIN_METHOD: 'This is your only way to log in, so it stays.',
  METHOD_NOT_ALLOWED: OUR_MISTAKE,
  NOT_AN_UPGRADE: 'This plan is not above yours.',
  NOT_CANCELING: 'Your subscription is not canceled: it goes on.',
  NOT_FOUND: OUR_MISTAKE,
  NOT_REFUNDABLE: 'There is nothing of this payment left to give back.',
  NO_CUSTOMER: 'You have paid nothing here yet.',
  NO_PASSWORD: 'This account has no password: you log in to it in another way. A link from a mail can set one.',
  NO_SUBSCRIPTION: 'You have no subscription.',
  OAUTH_DENIED: 'You did not allow the log-in, so nothing has changed.',
  OAUTH_FAILED: 'The log-in did not work. Please try again.',
  OAUTH_STATE: 'This log-in was too old, or was begun in another browser. Please try again.',
  ORIGIN_NOT_ALLOWED: 'Logging in is not allowed from this address.',
  PAYLOAD_TOO_LARGE: 'That is more than we can take.',
  PAYMENT_DUE: 'A payment is still open. It has to be settled before you can change plans.',
  PAYMENT_FAILED:
    'Your card was declined, or your bank wants you to confirm the payment. Nothing was charged, and nothing has changed.',
  PAYMENT_METHOD_REQUIRED:
    'There is no card to charge. Add one under “Cards and invoices”, or pay on the payment page.',
  PAYMENT_NOT_FOUND: 'There is no such payment.',
  PAYMENT_PROVIDER_ERROR: 'The payment provider did not answer. Nothing was charged; please try again in a moment.',
  PLAN_CODE_TAKEN: 'There is a plan with this code already.',
  PLAN_INACTIVE: 'This plan has been taken off sale already.',
  PLAN_NOT_FOUND: 'This plan is not offered any more.',
  PLAN_REQUIRED: 'This is not part of your plan.',
  PREVIEW_STALE: 'Some time has passed, so this was reckoned anew. Nothing was charged; please look at it once more.',
  PROVIDER_UNSUPPORTED:
    'Your subscription was given to you, so there is nothing to change: choose a plan and pay for it instead.',
  RATE_LIMITED: 'That was a bit much at once. Please try again in a moment.',
  REFRESH_TOKEN_INVALID: LOG_IN_AGAIN,
  REFRESH_TOKEN_MISSING: 'Please log in.',
  REFRESH_TOKEN_REUSED: 'We ended your session for your safety. Please log in again.',
  SAME_PLAN: 'This is your plan already.',
  SESSION_NOT_FOUND: 'We could not find it. It may belong to another account.',
  SUBSCRIPTION_NOT_FOUND: 'There is no such subscription.',
  TOKEN_EXPIRED: 'This link is too old.',
  TOKEN_INVALID: 'This link is not valid any more.',
  UNKNOWN_PROCEDURE: OUR_MISTAKE,
  UNSUPPORTED_MEDIA_TYPE: OUR_MISTAKE,
  USERNAME_TAKEN: 'This username is taken. Please choose another.',
  USER_NOT_FOUND: 'There is no such user.',
  WRONG_PASSWORD: 'That is not your password.',
}

/** Explains to the user in a sentence or two why something failed. */
export function explain(error: unknown): string {
  if (!isTollgateError(error)) return 'We could not reach the server. Are you online?'
  const { reason, retryAfter } = error.data
  const sentence = explainReason(reason)
  return retryAfter === undefined ? sentence : sentence.replace(IN_A_MOMENT, inSeconds(retryAfter))
}

/** Explains a reason, which may come from a URL: unknown text is never shown. */
export function explainReason(reason: string): string {
  return isKnown(reason) ? words[reason] : OUR_MISTAKE
}

function isKnown(reason: string): reason is keyof typeof words {
  return Object.hasOwn(words, reason)
}

function inSeconds(seconds: number): string {
  if (seconds <= 1) return 'in a second'
  return seconds < 120 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`
}
