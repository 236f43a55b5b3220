import { InvalidInput } from '../../platform/errors/errors.ts'
import type { AuthScope } from '../auth-scope.ts'
import { OAuthStateInvalid } from '../auth.errors.ts'
import type { LinkUrlInput, OAuthUrlResult } from '../identity.schemas.ts'
import { presentedTokens } from '../sessions/presented-tokens.ts'
import { requestAppLogin } from './request-app-login.ts'

/**
 * Begins to link a provider's account to the account of a session, for an app.
 *
 * Attack: other programs see access tokens, such as the product's own backend, or a script that was injected into a page.
 * An access token alone must not add a way to log in, so the app also shows the session's refresh token. In a browser,
 * the refresh cookie is the same proof.
 *
 * @throws {InvalidInput} without a refresh token, or when `redirectTo` is not one of `APP_REDIRECT_URIS`.
 * @throws {OAuthStateInvalid} when the refresh token is not of this session.
 * @throws {OAuthFailed} when the provider is not configured.
 */
export async function requestAppLink(
  scope: AuthScope,
  { refreshToken, sessionId, ...input }: LinkUrlInput & { sessionId: string },
): Promise<OAuthUrlResult> {
  if (refreshToken === undefined) throw new InvalidInput({ refreshToken: 'is missing' })
  const presented = presentedTokens(scope.auth, [refreshToken], scope.clock.now())
  if (!presented.some(({ claims }) => claims.sessionId === sessionId)) throw new OAuthStateInvalid()
  return requestAppLogin(scope, input, sessionId)
}
