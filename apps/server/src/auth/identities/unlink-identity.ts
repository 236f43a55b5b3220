import { isStandInAddress } from '../../platform/reserved-domain.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { IdentityNotFound, LastLoginMethod } from '../auth.errors.ts'
import { Identity } from '../identity.entity.ts'
import type { UnlinkIdentityInput } from '../identity.schemas.ts'
import { lockUser } from '../links/lock-user.ts'
import { OAuthCode } from '../oauth-code.entity.ts'
import { queueLoginMethodMail } from './queue-login-method-mail.ts'

/**
 * Unlinks a provider's accounts, voids the codes of apps, and mails the user. It holds the user's lock, so that two simultaneous requests can't
 * remove the last login method.
 *
 * @throws {IdentityNotFound}
 * @throws {LastLoginMethod} when an account without a password has a stand-in address: it can't get login codes, so one
 *   identity must stay.
 */
export async function unlinkIdentity(
  scope: AuthRequestScope,
  { userId, provider }: UnlinkIdentityInput & { userId: string },
): Promise<void> {
  await scope.em.transactional(async (em) => {
    const user = await lockUser(em, userId)
    const identities = await em.find(Identity, { user: userId })
    const leaving = identities.filter((identity) => identity.provider === provider)
    if (!user || leaving.length === 0) throw new IdentityNotFound()

    const canGetCodes = !isStandInAddress(user.email)
    if (!canGetCodes && !user.passwordHash && leaving.length === identities.length) throw new LastLoginMethod()
    await em.nativeDelete(Identity, { user: userId, provider })
    await em.nativeDelete(OAuthCode, { user: userId })
    for (const identity of leaving) await queueLoginMethodMail(em, scope, user, identity, 'unlinked')
  })
}
