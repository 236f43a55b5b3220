import { isTollgateError } from './errors.ts'
import type { RouterOutputs } from './outputs.ts'

type Session = RouterOutputs['auth']['login']

/** The client's side of a log-in: the access token, kept in memory and nowhere else. */
export interface ClientSession {
  /** What the last log-in or refresh gave, or null. */
  readonly current: Session | null
  /**
   * Takes up the session that the browser's refresh cookie stands for, after a reload.
   *
   * @returns null when there is none.
   */
  restore(): Promise<Session | null>
  /** Calls back whenever somebody logs in, is refreshed or logged out; returns how to stop that. */
  subscribe(listener: (session: Session | null) => void): () => void
}

export interface SessionKeeper extends ClientSession {
  set(session: Session | null): void
  /**
   * Gets a new access token, unless another call has got one since.
   *
   * @param staleToken the token that was refused.
   * @returns false when there is no session any more.
   */
  renew(staleToken: string | undefined): Promise<boolean>
}

export interface SessionOptions {
  /** Asks the backend; throws what it answers. */
  refresh(): Promise<Session>
  /** Called once when a session has ended that this client had. */
  onEnd: ((reason: string) => void) | undefined
  /** Tabs with the same name refresh one after the other. */
  lockName: string
}

/** Keeps one session; one refresh at a time, in this tab and across tabs. */
export function createSession({ refresh, onEnd, lockName }: SessionOptions): SessionKeeper {
  let current: Session | null = null
  let underWay: Promise<boolean> | undefined
  const listeners = new Set<(session: Session | null) => void>()

  function set(session: Session | null) {
    current = session
    for (const listener of listeners) listener(session)
  }

  async function refreshOnce(): Promise<boolean> {
    try {
      set(await oneTabAtATime(lockName, refresh))
      return true
    } catch (error) {
      // Only the backend's word ends a session: a lost connection does not.
      if (!isTollgateError(error) || (error.data.httpStatus !== 401 && error.data.httpStatus !== 403)) throw error
      const hadSession = current !== null
      set(null)
      if (hadSession) onEnd?.(error.data.reason)
      return false
    }
  }

  const renew = (staleToken?: string) => {
    if (current && current.accessToken !== staleToken) return Promise.resolve(true)
    underWay ??= refreshOnce().finally(() => (underWay = undefined))
    return underWay
  }

  return {
    get current() {
      return current
    },
    set,
    renew,
    async restore() {
      await renew(current?.accessToken)
      return current
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Web locks are shared by all tabs of an origin; where there are none, there are no tabs. */
async function oneTabAtATime<T>(name: string, work: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis as { navigator?: Partial<Navigator> }
  return navigator?.locks ? navigator.locks.request(name, work) : work()
}
