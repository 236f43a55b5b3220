import { SECOND } from '../../platform/durations.ts'
import type { Cookies } from '../../platform/http/cookies.ts'
import type { AuthSettings } from '../auth.settings.ts'

const NAME = 'refresh_token'

/** The cookie with the refresh token. It is HttpOnly, so no script can read it. */
export function refreshCookie(cookies: Cookies, { cookie }: AuthSettings) {
  return {
    read: () => cookies.get(NAME),
    write: (token: string, expiresAt: Date, now: Date) => {
      const maxAgeSeconds = Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / SECOND))
      cookies.set(NAME, token, { ...cookie, maxAgeSeconds })
    },
    clear: () => cookies.set(NAME, '', { ...cookie, maxAgeSeconds: 0 }),
  }
}
