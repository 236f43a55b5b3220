import { requesterOf, type AuthRequestScope, type SignUp } from '../auth-scope.ts'
import { SignUpDenied } from '../auth.errors.ts'

/**
 * Asks the configuration whether a new user may sign up. Every use case that opens an account for a person asks it,
 * before its transaction, and so does a change of the address.
 *
 * @throws {SignUpDenied}
 * @throws {HookFailed}
 */
export async function admitSignUp(
  scope: AuthRequestScope,
  signUp: Pick<SignUp, 'email' | 'username' | 'method' | 'publicData'>,
): Promise<void> {
  const { beforeSignUp, memberships } = scope.auth
  if (!beforeSignUp) return
  const { email } = signUp
  const isInvited = email !== null && (await memberships.isInvited(scope.em, { email, now: scope.clock.now() }))
  const denied = await beforeSignUp(scope, { ...signUp, isInvited, ...requesterOf(scope.request) })
  if (denied !== null) throw new SignUpDenied(denied)
}
