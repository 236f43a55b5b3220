import { queueMail } from '../../mail/index.ts'
import { after } from '../../platform/clock.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'
import { isStandInAddress } from '../../platform/reserved-domain.ts'
import { admitSignUp } from '../accounts/admit-sign-up.ts'
import { requesterOf, type AuthRequestScope } from '../auth-scope.ts'
import { EmailTaken, WrongPassword } from '../auth.errors.ts'
import type { RequestEmailChangeInput } from '../auth.schemas.ts'
import { lockUser } from '../links/lock-user.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'
import { User } from '../user.entity.ts'
import { checkOwnPassword } from './check-own-password.ts'

/**
 * Sends a link to the new address and a notice to the old one. Nothing changes until the user confirms the link.
 *
 * @throws {WrongPassword}
 * @throws {NoPassword}
 * @throws {InvalidInput} when the password is missing.
 * @throws {EmailTaken}
 * @throws {SignUpDenied} by the configuration.
 * @throws {HookFailed}
 * @throws {RateLimited}
 * @throws {Busy} when too many passwords are being hashed.
 */
export async function requestEmailChange(
  scope: AuthRequestScope,
  input: RequestEmailChangeInput & { userId: string },
): Promise<void> {
  const { clock, auth } = scope
  const passwordHash = await checkMayChange(scope, input)
  if ((await scope.em.count(User, { email: input.email })) > 0) throw new EmailTaken()
  await admitAddress(scope, input)
  if (!(await auth.limits.allowsMail('confirm-email', input.userId))) return

  await scope.em.transactional(async (em) => {
    const user = await lockUser(em, input.userId)
    if (!user || (user.passwordHash ?? null) !== passwordHash) throw new WrongPassword()
    // In the meantime, another call may have given the account its first address.
    if (passwordHash === null && !isStandInAddress(user.email)) throw new WrongPassword()

    const now = clock.now()
    const token = em.create(OneTimeToken, {
      user,
      purpose: 'confirm-email',
      email: input.email,
      createdAt: now,
      expiresAt: after(now, auth.settings.verificationTokenTtl),
    })
    await em.flush()
    await queueMail(em, scope, {
      fact: `confirm-email:${token.jti}`,
      ...{ to: input.email, userId: user.id },
      template: 'confirm-email',
      props: { username: user.username, tokenId: token.jti },
    })
    await queueMail(em, scope, {
      fact: `email-change-requested:${token.jti}`,
      ...{ to: user.email, userId: user.id },
      template: 'email-change-requested',
      props: { username: user.username, newEmail: input.email, at: now.toISOString(), by: requesterOf(scope.request) },
    })
  })
}

/** Attack: a rule for who may sign up, such as one about domains, is avoided by changing the address afterwards. */
async function admitAddress(
  scope: AuthRequestScope,
  { userId, email }: Pick<RequestEmailChangeInput, 'email'> & { userId: string },
): Promise<void> {
  const { username, publicData } = await scope.em.findOneOrFail(User, { id: userId })
  await admitSignUp(scope, { email, username, method: 'email-change', publicData: publicData ?? {} })
}

/**
 * An account from GitHub without an address can get no mail, so it can set no password either. It takes its first
 * address without one.
 *
 * @returns the hash of the password; null if the account has none and needs none.
 */
async function checkMayChange(
  scope: AuthRequestScope,
  { userId, password }: RequestEmailChangeInput & { userId: string },
): Promise<string | null> {
  const user = await scope.em.findOneOrFail(User, { id: userId })
  if (!user.passwordHash && isStandInAddress(user.email)) return null
  if (user.passwordHash && password === undefined) throw new InvalidInput({ password: 'is missing' })
  return checkOwnPassword(scope, userId, password ?? '')
}
