import { isStandInAddress } from '../../platform/reserved-domain.ts'
import type { AuthScope } from '../auth-scope.ts'
import { IdentityNotFound, LastLoginMethod } from '../auth.errors.ts'
import { Identity } from '../identity.entity.ts'
import type { UnlinkIdentityInput } from '../identity.schemas.ts'
import { lockUser } from '../links/lock-user.ts'
import { queueLoginMethodMail } from './queue-login-method-mail.ts'

/**
 * Ends logging in with a provider, and tells the user by mail. Under the user's lock, so that two who do it at the same moment can't leave nothing.
 *
 * @throws {IdentityNotFound}
 * @throws {LastLoginMethod} an account without a password whose address stands in for a missing one can get no code,
 *   so one identity must stay.
 */
export async function unlinkIdentity(
  scope: AuthScope,
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
    for (const identity of leaving) await queueLoginMethodMail(em, scope, user, identity, 'unlinked')
  })
}
