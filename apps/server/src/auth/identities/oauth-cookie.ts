import { SECOND } from '../../platform/durations.ts'
import type { Cookies } from '../../platform/http/cookies.ts'
import type { AuthSettings } from '../auth.settings.ts'
import { OAUTH_TTL } from './oauth-flow.ts'

/**
 * The cookie that binds a log-in elsewhere to the browser that began it. Always Lax, whatever the others are: it has to
 * come along when the provider sends the browser back. Over https its name keeps a neighbouring subdomain from
 * planting one.
 */
export function oauthCookie(cookies: Cookies, { cookie }: AuthSettings) {
  const name = cookie.secure ? '__Host-oauth' : 'oauth'
  const options = { sameSite: 'lax', secure: cookie.secure, domain: undefined } as const
  return {
    read: () => cookies.get(name),
    write: (value: string) => cookies.set(name, value, { ...options, maxAgeSeconds: OAUTH_TTL / SECOND }),
    clear: () => cookies.set(name, '', { ...options, maxAgeSeconds: 0 }),
  }
}
