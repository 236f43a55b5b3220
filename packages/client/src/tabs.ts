import { isBrowser } from './runtime.ts'

/** The other tabs and workers of this browser that share its cookies. */
export interface Tabs {
  /** Runs the work while no other tab does the same for this user. */
  oneAtATime<T>(userId: string | undefined, work: () => Promise<T>): Promise<T>
  /** Tells the other tabs that this user has logged in, or that no user is logged in anymore. */
  announce(userId: string | null): void
  /** Calls the listener when another tab has announced something. */
  listen(listener: (userId: string | null) => void): void
}

/** For a client that shares its cookies with no other. */
export const alone: Tabs = { oneAtATime: (_userId, work) => work(), announce() {}, listen() {} }

/**
 * @param url the API's: clients of other APIs have other cookies.
 * @param patienceMs how long to wait for another tab's refresh before running at the same time. The backend gives
 *   both the same session.
 */
export function tabsOfBrowser(url: string, patienceMs: number): Tabs {
  if (!isBrowser()) return alone
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`tollgate session ${url}`)
  // In Node with a simulated browser, an open channel would keep the process alive.
  if (channel && 'unref' in channel && typeof channel.unref === 'function') channel.unref()
  return {
    oneAtATime: (userId, work) => withLock(`tollgate refresh ${url} ${userId ?? ''}`, patienceMs, work),
    announce: (userId) => channel?.postMessage({ userId }),
    listen(listener) {
      channel?.addEventListener('message', (event) => {
        const data: unknown = 'data' in event ? event.data : undefined
        if (typeof data !== 'object' || data === null || !('userId' in data)) return
        if (typeof data.userId === 'string' || data.userId === null) listener(data.userId)
      })
    },
  }
}

async function withLock<T>(name: string, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis as { navigator?: Partial<Navigator> }
  if (!navigator?.locks) return work()
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), patienceMs)
  const run = () => {
    clearTimeout(timer) // so the signal aborts only the wait
    return work()
  }
  return navigator.locks.request(name, { signal: waiting.signal }, run).catch((error: unknown) => {
    if (waiting.signal.aborted) return work()
    throw error
  })
}
