import { SECOND } from '../../platform/durations.ts'
import type { Cookies } from '../../platform/http/cookies.ts'
import type { AuthSettings } from '../auth.settings.ts'
import { OAUTH_TTL } from './oauth-flow.ts'

/**
 * The cookie that binds an OAuth login to the browser that began it. It is always SameSite=Lax, because the browser
 * must send it when the provider redirects back. Over HTTPS, the prefix `__Host-` keeps other subdomains from setting
 * it.
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
