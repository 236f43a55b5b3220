import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { IdentityTaken, OAuthStateInvalid } from '../auth.errors.ts'
import { Identity } from '../identity.entity.ts'
import { lockUser } from '../links/lock-user.ts'
import type { ProviderAccount } from '../providers/provider.ts'
import { Session } from '../session.entity.ts'
import { lockIdentity, ownerIdOf } from './lock-identity.ts'
import { queueLoginMethodMail } from './queue-login-method-mail.ts'
import { verifiedAddress } from './verified-address.ts'

/**
 * Links a provider's account to the account of the session that asked for it, and mails the user. If it is already
 * linked, there is nothing to do. The two addresses may differ, but an unverified address can't be linked.
 *
 * @param em the transaction's entity manager.
 * @throws {OAuthStateInvalid} when the session has ended in the meantime.
 * @throws {AccountDisabled}
 * @throws {IdentityTaken} when it is linked to another user.
 * @throws {EmailUnverified} when the provider's address is not verified, or a Google account has none.
 */
export async function linkIdentity(
  em: EntityManager,
  scope: AuthRequestScope,
  sessionId: string,
  account: Pick<ProviderAccount, 'provider' | 'subject' | 'address'>,
): Promise<void> {
  const { provider, subject } = account
  const now = scope.clock.now()
  await lockIdentity(em, account)
  const asking = await em.findOne(Session, { id: sessionId })
  const user = asking && (await lockUser(em, asking.user.id))
  const session = await em.findOne(
    Session,
    { id: sessionId, endedAt: null, expiresAt: { $gt: now } },
    { refresh: true },
  )
  if (user && !user.isActive) throw new AccountDisabled()
  if (!session || !user?.isVerified) throw new OAuthStateInvalid()

  const ownerId = await ownerIdOf(em, account)
  if (ownerId === user.id) return
  if (ownerId !== undefined) throw new IdentityTaken()
  const email = verifiedAddress(account)
  const identity = em.create(Identity, { user, provider, subject, email, linkedAt: now })
  await em.flush()
  await queueLoginMethodMail(em, scope, user, identity, 'linked')
}
