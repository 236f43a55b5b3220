import { admitSignUp } from '../accounts/admit-sign-up.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { OAuthDenied, OAuthFailed, OAuthStateInvalid } from '../auth.errors.ts'
import { issueOauthCode } from '../links/issue-oauth-code.ts'
import type { ProviderAccount } from '../providers/provider.ts'
import { Session } from '../session.entity.ts'
import { openSession } from '../sessions/open-session.ts'
import type { OpenedSession } from '../sessions/opened-session.ts'
import { findOrLinkIdentity } from './find-or-link-identity.ts'
import { linkIdentity } from './link-identity.ts'
import { providerNamed } from './oauth-flow.ts'
import type { TakenOAuthState } from './take-oauth-state.ts'
import { verifiedAddress } from './verified-address.ts'

/**
 * How a flow ended: with a session for the browser, a code for the app, or a linked account whose session continues. An
 * app links with its code.
 */
export type CompletedOAuth =
  | { readonly result: 'opened'; readonly opened: OpenedSession }
  | { readonly result: 'code' | 'link-code'; readonly code: string }
  | { readonly result: 'linked' }

/**
 * Completes a login with a provider, or links a provider's account; all or nothing.
 *
 * @param query the query of the provider's redirect.
 * @throws {OAuthDenied}
 * @throws {OAuthFailed}
 * @throws {EmailUnverified}
 * @throws {SignUpDenied}
 * @throws {HookFailed}
 * @throws {AccountDisabled}
 * @throws {IdentityTaken}
 * @throws {OAuthStateInvalid} when the session that asked to link has ended.
 */
export async function completeOauth(
  scope: AuthRequestScope,
  flow: TakenOAuthState,
  query: URLSearchParams,
): Promise<CompletedOAuth> {
  const provider = providerNamed(scope, flow.provider)
  const refusal = query.get('error')
  if (refusal === 'access_denied') throw new OAuthDenied()
  if (refusal !== null)
    throw new OAuthFailed(`the provider refused: ${refusal.replaceAll(/[^\w.-]/g, '').slice(0, 60)}`)
  const account = await provider.identify(query, flow.secrets) // slow network calls, so not while a row is locked

  const known = await applyAccount(scope, flow, account, { mayOpen: scope.auth.beforeSignUp === null })
  if (known) return known
  const { provider: method } = account
  await admitSignUp(scope, { email: verifiedAddress(account), username: null, method, publicData: {} })
  const done = await applyAccount(scope, flow, account, { mayOpen: true })
  if (!done) throw new Error('No account was opened for a new user.')
  return done
}

/** @returns null for a new user who may not sign up yet. Then nothing has changed. */
async function applyAccount(
  scope: AuthRequestScope,
  { linkFor, app }: TakenOAuthState,
  account: ProviderAccount,
  { mayOpen }: { mayOpen: boolean },
): Promise<CompletedOAuth | null> {
  return scope.em.transactional(async (em) => {
    if (linkFor !== null && app !== null) {
      const asking = await em.findOne(Session, { id: linkFor })
      if (!asking) throw new OAuthStateInvalid()
      const { provider, subject } = account
      const link = { sessionId: linkFor, provider, subject, email: verifiedAddress(account) }
      const code = await issueOauthCode(em, scope.clock, {
        userId: asking.user.id,
        verifierHash: app.verifierHash,
        link,
      })
      return { result: 'link-code', code }
    }
    if (linkFor !== null) {
      await linkIdentity(em, scope, linkFor, account)
      return { result: 'linked' }
    }
    const user = await findOrLinkIdentity(em, scope, account, mayOpen)
    if (!user) return null
    if (app === null) return { result: 'opened', opened: await openSession(em, scope, user) }
    const code = await issueOauthCode(em, scope.clock, { userId: user.id, verifierHash: app.verifierHash })
    return { result: 'code', code }
  })
}
