import type { SessionEndReason } from '../end-reason.ts'
import type { KnownReason } from '../generated/api.ts'

/** Reasons that arrive in the address of a page after a login with Google or GitHub. */
type OAuthReason =
  | 'OAUTH_DENIED'
  | 'OAUTH_STATE'
  | 'OAUTH_FAILED'
  | 'EMAIL_UNVERIFIED'
  | 'SIGN_UP_DENIED'
  | 'HOOK_FAILED'

/** `UNKNOWN`: a reason that is not here. `IN_A_MOMENT`: what `{wait}` says if the backend has not said how long. */
type OwnKey = 'UNKNOWN' | 'UNREACHABLE' | 'IN_A_MOMENT'

/**
 * A text for every reason: of an error, of the end of a session, and of a login with Google or GitHub.
 *
 * A text may name values of the error: `{wait}` is how long to wait before the next try, such as "in 40 seconds",
 * `{seconds}` the same as a number, `{planCode}` the cheapest plan that would allow it, and `{message}` the backend's
 * own sentence, in English. A value that the error does not have is left out.
 */
export type Texts = Record<KnownReason | SessionEndReason | OAuthReason | OwnKey, string>

/** Checks a translation: it has a text for every reason, and for no other. It hands its argument back. */
export const defineTexts = (texts: Texts): Texts => texts
