import type { SessionEndReason } from './end-reason.ts'
import { ownLocation } from './runtime.ts'

/** Notices when the refresh cookie was not kept, and says so once in the console. */
export interface CookieCheck {
  loggedIn(): void
  loggedOut(): void
  /** Takes what came of a refresh: a session, or why there is none; null if the backend has not said. */
  refreshed(outcome: 'session' | SessionEndReason | null): void
}

/** @param url the API's. */
export function checkOfBrowser(url: string): CookieCheck {
  const page = ownLocation()?.origin ?? 'This page'
  return createCookieCheck(
    `tollgate login ${url}`,
    tabStorage() ?? new Map<string, string>(),
    `the browser did not keep the refresh cookie, so a reload logs the user out. ${page} and ${url} must belong to the ` +
      'same site. If they cannot, set COOKIE_SAME_SITE=none on the server and use https.',
  )
}

export function checkOfMemory(): CookieCheck {
  return createCookieCheck(
    'login',
    new Map<string, string>(),
    'this runtime hides the Set-Cookie header, so the client could not keep the refresh cookie. In an app, such as one ' +
      'for React Native, pass storage. If the runtime has its own cookie jar, pass cookies: "browser".',
  )
}

export function checkOfStorage(): CookieCheck {
  return createCookieCheck(
    'login',
    new Map<string, string>(),
    'the stored refresh token is gone. Either the token storage lost it, or the backend is older than the client and ' +
      'returned none.',
  )
}

interface Store {
  set(key: string, value: string): unknown
  has(key: string): boolean
  delete(key: string): unknown
}

/** @param store remembers a login until its first refresh. */
function createCookieCheck(key: string, store: Store, warning: string): CookieCheck {
  return {
    loggedIn: () => void store.set(key, 'not refreshed yet'),
    loggedOut: () => void store.delete(key),
    refreshed(outcome) {
      if (outcome !== 'session' && outcome !== 'REFRESH_TOKEN_MISSING') return
      const isLost = outcome !== 'session' && store.has(key)
      store.delete(key)
      // oxlint-disable-next-line no-console -- the developer sees no other sign of it
      if (isLost) console.warn(`Tollgate: ${warning}`)
    },
  }
}

/** Outlives a reload, but not the tab. @returns undefined in a worker, and in a page that may not use it. */
function tabStorage(): Store | undefined {
  try {
    const { sessionStorage: storage } = globalThis as { sessionStorage?: Storage }
    if (!storage) return undefined
    return {
      set: (key, value) => storage.setItem(key, value),
      has: (key) => storage.getItem(key) !== null,
      delete: (key) => storage.removeItem(key),
    }
  } catch {
    return undefined
  }
}
