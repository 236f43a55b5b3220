import { SECOND } from '../../platform/durations.ts'
import type { Cookies } from '../../platform/http/cookies.ts'
import type { AuthSettings } from '../auth.settings.ts'
import { hashOf } from '../links/oauth-secrets.ts'
import { OAUTH_TTL } from './oauth-flow.ts'

/** Maximum number of logins with a provider that one browser can have under way. */
const MAX_UNDER_WAY = 8

/**
 * The cookies that bind logins with a provider to the browser that began them: one for each login, so that two tabs
 * don't undo each other. They are always SameSite=Lax, whatever the other cookies are, because the browser must send
 * them when the provider sends it back. Over https, the prefix in their name keeps a sibling subdomain from setting one.
 *
 * Servers from before 2026-11-30 know only the name without a state. During a rolling deploy a login may begin on an old
 * server and end on a new one, or the other way around. So write the secret under that name, too, and read it from
 * there. Once every server has run this version for ten minutes, that name can go.
 */
export function oauthCookie(cookies: Cookies, { cookie }: AuthSettings) {
  const shared = cookie.secure ? '__Host-oauth' : 'oauth'
  const nameFor = (state: string) => `${shared}_${hashOf(state).slice(0, 16)}`
  const options = { sameSite: 'lax', secure: cookie.secure, domain: undefined } as const
  const set = (name: string, value: string) =>
    cookies.set(name, value, { ...options, maxAgeSeconds: OAUTH_TTL / SECOND })
  const clear = (name: string) => cookies.set(name, '', { ...options, maxAgeSeconds: 0 })
  const valuesOf = (...names: string[]) =>
    names.flatMap((wanted) => cookies.received.filter(({ name }) => name === wanted).map(({ value }) => value))

  return {
    /** The values that may belong to this state: without a state, those that may belong to the next login. */
    read: (state?: string): string[] => valuesOf(...(state === undefined ? [] : [nameFor(state)]), shared),
    /** Binds a login to the browser. Forgets the oldest ones if there are too many. */
    write: (state: string, value: string) => {
      const underWay = cookies.received.map(({ name }) => name).filter((name) => name.startsWith(`${shared}_`))
      for (const oldest of underWay.slice(0, Math.max(0, underWay.length - MAX_UNDER_WAY + 1))) clear(oldest)
      set(nameFor(state), value)
      set(shared, value)
    },
    /** Ends one login. Logins in other tabs continue. */
    clear: (state: string) => {
      const isOther = (name: string) => name.startsWith(`${shared}_`) && name !== nameFor(state)
      clear(nameFor(state))
      if (!cookies.received.some(({ name }) => isOther(name))) clear(shared)
    },
  }
}
