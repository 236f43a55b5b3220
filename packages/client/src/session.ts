import type { GivenAccess } from './access-cookie.ts'
import { endReasonOf, type SessionEndReason } from './end-reason.ts'
import { inTime } from './in-time.ts'
import type { RouterOutputs } from './outputs.ts'
import type { Tabs } from './tabs.ts'

export type Session = RouterOutputs['auth']['login']

/** The answer of the backend that there is no session, which is no error. */
export interface NoSession {
  because: SessionEndReason
}

/** What the client knows about its login. */
export type SessionState =
  /** The backend has not been asked yet, or has not answered yet. */
  | { status: 'unknown' }
  /** `restore` got no answer from the backend. Call it again to retry. */
  | { status: 'unreachable'; error: unknown }
  /** `because` says why the session ended; null after a logout, or if there was no session. */
  | { status: 'out'; because: SessionEndReason | null }
  | { status: 'in'; session: Session }

/** The client's side of a login. The access token is kept in memory only. */
export interface ClientSession {
  /** The session from the last login or refresh; null if there is none. */
  readonly current: Session | null
  /** The same object until something changes, as React's `useSyncExternalStore` requires. */
  readonly state: SessionState
  /**
   * Restores the session of the browser's refresh cookie, for example after a reload.
   *
   * @returns null if there is no session.
   * @throws {TRPCClientError} if the backend cannot be reached or is too busy.
   */
  restore(): Promise<Session | null>
  /** Calls the listener after every login, refresh and logout. Returns a function that unsubscribes. */
  subscribe(listener: (session: Session | null) => void): () => void
  /** Calls the listener after every change of `state`. Returns a function that unsubscribes. */
  watch(listener: () => void): () => void
}

export interface SessionKeeper extends ClientSession {
  /** The access token to send; undefined without a login. */
  readonly accessToken: string | undefined
  /** The user whose access token that is. */
  readonly userId: string | undefined
  /** The user of the current session, or else of the last one; undefined if there was none yet. */
  readonly lastUserId: string | undefined
  /** Takes the session of a login, or null after a logout. */
  set(session: Session | null): void
  /** Ends the session that this client has, and tells the application why. */
  end(reason: SessionEndReason): void
  /**
   * Gets a new access token for the current user, unless another call has already got one.
   *
   * @param staleToken the token that the backend refused.
   * @returns false if the session has ended.
   */
  renew(staleToken: string | undefined): Promise<boolean>
}

export interface SessionOptions {
  /**
   * Asks the backend for a new session; rejects with the backend's error.
   *
   * @param userId whose session it must be; undefined if the client has none yet.
   */
  refresh(userId: string | undefined, signal: AbortSignal): Promise<Session | NoSession>
  /** Maximum time for one refresh, in milliseconds. */
  timeoutMs: number
  /** Called once when a session that this client had has ended. */
  onEnd: ((reason: SessionEndReason) => void) | undefined
  onLogin(): void
  /** Called when this or another tab has logged out. */
  onLogout(): void
  tabs: Tabs
  /** The access token to start with, until the first change of the session. */
  given?: GivenAccess | undefined
  /** Asks the backend for the user of the given access token. */
  identify?(accessToken: string, signal: AbortSignal): Promise<Session['user']>
}

/** Keeps one session. Only one refresh runs at a time, in this client and across tabs. */
export function createSession(options: SessionOptions): SessionKeeper {
  const { refresh, timeoutMs, onEnd, tabs } = options
  let state: SessionState = { status: 'unknown' }
  let { given } = options
  let lastUserId = given?.userId
  let pending: Promise<boolean> | undefined
  const listeners = new Set<() => void>()

  const current = () => (state.status === 'in' ? state.session : null)

  function change(next: SessionState) {
    const before = current()?.user.id
    state = next
    given = undefined
    if (next.status === 'in') {
      lastUserId = next.session.user.id
      if (lastUserId !== before) tabs.announce(lastUserId)
    }
    for (const listener of listeners) listener()
  }

  function end(because: SessionEndReason) {
    const hadSession = current() !== null
    // The login page should explain this also after a reload, when the session has never been in this client.
    const isNews = hadSession || because === 'LOGGED_IN_ELSEWHERE'
    change({ status: 'out', because: isNews ? because : null })
    if (hadSession) onEnd?.(because)
  }

  async function refreshOnce(joins: string | undefined): Promise<boolean> {
    const before = state
    const userId = current()?.user.id ?? joins ?? given?.userId
    try {
      const fresh = await tabs.oneAtATime(userId, () => inTime(timeoutMs, (signal) => refresh(userId, signal)))
      if (state === before) {
        // An older backend ignores whose session we asked for, and answers with the session of the cookie.
        if ('because' in fresh) end(fresh.because)
        else if (userId !== undefined && fresh.user.id !== userId) end('REPLACED')
        else change({ status: 'in', session: fresh })
      }
    } catch (error) {
      const reason = endReasonOf(error)
      if (reason === null) throw error
      if (state === before) end(reason)
    }
    return current() !== null // a login or logout during the refresh counts more than its answer
  }

  /** @param joins whose session it must be, if the client has none. */
  function renew(staleToken?: string, joins?: string): Promise<boolean> {
    const session = current()
    if (session && session.accessToken !== staleToken) return Promise.resolve(true)
    pending ??= refreshOnce(joins).finally(() => (pending = undefined))
    return pending
  }

  /** Gets the session of the given access token without a refresh. Does nothing if that is no longer good. */
  async function adopt(): Promise<void> {
    const before = given
    if (!before || !options.identify) return
    const { identify } = options
    try {
      const user = await inTime(timeoutMs, (signal) => identify(before.accessToken, signal))
      const { accessToken, expiresAt } = before
      if (given === before) change({ status: 'in', session: { accessToken, tokenType: 'Bearer', expiresAt, user } })
    } catch (error) {
      if (endReasonOf(error) === null) throw error
      if (given === before) given = undefined
    }
  }

  function watch(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  // Another tab has logged in or out, so this tab's cookie may be another user's. Let the backend say whether it is.
  // A logged-out tab logs in, too, but only as its last user: it may still show what that user typed.
  tabs.listen((userId) => {
    if (userId === null) options.onLogout()
    const session = current()
    const isOther = session !== null && session.user.id !== userId
    const joins = state.status === 'out' && userId !== null && (lastUserId ?? userId) === userId
    // It asks for that user only: by now, yet another one may have logged in there. If the backend doesn't answer,
    // nothing changes here: with its session, this tab asks again at its next refresh.
    if (isOther || joins) renew(session?.accessToken, userId ?? undefined).catch(() => null)
  })

  return {
    get current() {
      return current()
    },
    get state() {
      return state
    },
    get accessToken() {
      return current()?.accessToken ?? given?.accessToken
    },
    get userId() {
      return current()?.user.id ?? given?.userId
    },
    get lastUserId() {
      return lastUserId
    },
    set(session) {
      change(session ? { status: 'in', session } : { status: 'out', because: null })
      if (session) return options.onLogin()
      options.onLogout()
      tabs.announce(null)
    },
    end,
    renew,
    async restore() {
      try {
        const isGiven = given !== undefined
        await adopt()
        if (!isGiven || current() === null) await renew(current()?.accessToken)
      } catch (error) {
        if (state.status !== 'in') change({ status: 'unreachable', error })
        throw error
      }
      return current()
    },
    subscribe: (listener) =>
      watch(() => {
        if (state.status !== 'unreachable') listener(current())
      }),
    watch,
  }
}
