import type { RouterOutputs, SessionEndReason } from '@tollgate/client'

export type User = RouterOutputs['auth']['me']

/** The backend has not answered yet. */
export interface Loading {
  readonly status: 'loading'
}

/** There is no answer. `errorText(error)` of the client says why, in a sentence for people. */
export interface Failed {
  readonly status: 'error'
  readonly error: unknown
  /** Asks the backend again. */
  retry(): void
}

/** No user is logged in. */
export interface LoggedOut {
  readonly status: 'out'
  /** Why the session ended; null after a logout, or if there was none. `reasonText(because)` of the client explains it. */
  readonly because: SessionEndReason | null
}

/** Why there is no user, or not yet. */
export type NoSession = Loading | Failed | LoggedOut
