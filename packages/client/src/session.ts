import { isTollgateError } from './errors.ts'
import type { RouterOutputs } from './outputs.ts'

type Session = RouterOutputs['auth']['login']

/** What the client knows about its login. */
export type SessionState =
  /** The backend has not been asked yet, or has not answered yet. */
  | { status: 'unknown' }
  /** `restore` got no answer from the backend. Call it again to retry. */
  | { status: 'unreachable'; error: unknown }
  /** `because` is the backend's reason for ending the session; null after a logout, or if there was no session. */
  | { status: 'out'; because: string | null }
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
  set(session: Session | null): void
  /**
   * Gets a new access token, unless another call has already got one.
   *
   * @param staleToken the token that the backend refused.
   * @returns false if the session has ended.
   */
  renew(staleToken: string | undefined): Promise<boolean>
}

export interface SessionOptions {
  /** Asks the backend for a new session; rejects with the backend's error. */
  refresh(): Promise<Session>
  /** Called once when the backend ends a session that this client had. */
  onEnd: ((reason: string) => void) | undefined
  /** Tabs with the same lock name take turns to refresh. */
  lockName: string
}

/** Keeps one session. Only one refresh runs at a time, in this tab and across tabs. */
export function createSession({ refresh, onEnd, lockName }: SessionOptions): SessionKeeper {
  let state: SessionState = { status: 'unknown' }
  let pending: Promise<boolean> | undefined
  const listeners = new Set<() => void>()

  const current = () => (state.status === 'in' ? state.session : null)

  function change(next: SessionState) {
    state = next
    for (const listener of listeners) listener()
  }

  function set(session: Session | null, because: string | null = null) {
    change(session ? { status: 'in', session } : { status: 'out', because })
  }

  async function refreshOnce(): Promise<boolean> {
    try {
      set(await oneTabAtATime(lockName, refresh))
      return true
    } catch (error) {
      // Only the backend can end a session: a lost connection does not.
      if (!isTollgateError(error) || (error.data.httpStatus !== 401 && error.data.httpStatus !== 403)) throw error
      const { reason } = error.data
      const hadSession = current() !== null
      set(null, hadSession ? reason : null)
      if (hadSession) onEnd?.(reason)
      return false
    }
  }

  function renew(staleToken?: string): Promise<boolean> {
    const session = current()
    if (session && session.accessToken !== staleToken) return Promise.resolve(true)
    pending ??= refreshOnce().finally(() => (pending = undefined))
    return pending
  }

  function watch(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    get current() {
      return current()
    },
    get state() {
      return state
    },
    set: (session) => set(session),
    renew,
    async restore() {
      try {
        await renew(current()?.accessToken)
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

/** All tabs of an origin share their web locks. Without web locks (in Node) there are no tabs. */
async function oneTabAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis as { navigator?: Partial<Navigator> }
  return navigator?.locks ? navigator.locks.request(name, work) : work()
}
