import type { Clock } from '../../platform/clock.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import type { Cookies } from '../../platform/http/cookies.ts'
import type { RequestInfo } from '../../platform/http/request-info.ts'
import { TransportNotAllowed } from '../auth.errors.ts'
import type { SessionView } from '../auth.schemas.ts'
import type { AuthSettings } from '../auth.settings.ts'
import type { OpenedSession } from './opened-session.ts'
import { refreshCookie } from './refresh-cookie.ts'

/** How a request brings its refresh token, and how the response hands over the next one. */
export interface RefreshTransport {
  /**
   * The request's refresh tokens, the most trustworthy first.
   *
   * @param inBody the one in the input.
   * @throws {TransportNotAllowed} for a token in the body of a request that uses the cookie.
   */
  presented(inBody: string | undefined): string[]
  /** @returns the session as the response shows it. */
  handOver(opened: OpenedSession): SessionView
  /** Makes the browser forget its refresh token. An app forgets its own. */
  clear(): void
}

/** What a transport is made of: parts of the request's context. */
interface TransportParts {
  readonly request: Pick<RequestInfo, 'transport' | 'isFromBrowser'>
  readonly cookies: Cookies
  readonly clock: Clock
}

/**
 * The transport that a request asks for: the cookie, or the body for apps that keep the token themselves.
 *
 * Attack: a script that was injected into a page can't read the HttpOnly cookie. It must not get its token in a response
 * body either, nor a new token. So a browser can't use the body, and a request has either a cookie or the body.
 *
 * @throws {TransportNotAllowed} before anything has run.
 * @throws {InvalidInput} for an unknown transport.
 */
export function refreshTransport(parts: TransportParts, settings: AuthSettings): RefreshTransport {
  const { request, cookies, clock } = parts
  const cookie = refreshCookie(cookies, settings)
  const { transport = 'cookie' } = request
  if (transport === 'cookie') {
    return {
      presented(inBody) {
        if (inBody !== undefined) throw new TransportNotAllowed('unannounced')
        return cookie.read()
      },
      handOver({ session, refreshToken, refreshExpiresAt }) {
        cookie.write(refreshToken, refreshExpiresAt, clock.now())
        return session
      },
      clear: () => cookie.clear(),
    }
  }
  if (transport !== 'body') throw new InvalidInput({ 'x-tollgate-transport': 'must be body or cookie' })
  if (request.isFromBrowser) throw new TransportNotAllowed('browser')
  if (cookie.read().length > 0) throw new TransportNotAllowed('both')
  return {
    presented: (inBody) => (inBody === undefined ? [] : [inBody]),
    handOver: ({ session, refreshToken, refreshExpiresAt }) => ({ ...session, refreshToken, refreshExpiresAt }),
    clear() {},
  }
}
