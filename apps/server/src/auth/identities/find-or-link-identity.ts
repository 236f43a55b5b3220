import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import { handOverToOwner } from '../accounts/hand-over-to-owner.ts'
import type { AuthRequestScope } from '../auth-scope.ts'
import { Identity } from '../identity.entity.ts'
import { lockUser } from '../links/lock-user.ts'
import type { ProviderAccount } from '../providers/provider.ts'
import { User } from '../user.entity.ts'
import { lockIdentity, ownerIdOf } from './lock-identity.ts'
import { openProviderAccount } from './open-provider-account.ts'
import { queueLoginMethodMail } from './queue-login-method-mail.ts'
import { verifiedAddress } from './verified-address.ts'

/** Maximum attempts: an address may be taken or given up between the look-up and the insert. */
const ATTEMPTS = 5

/**
 * Finds the user of a provider's account, or opens an account for a new user.
 *
 * A known identity is found by the provider's own id, whatever its address is now. Otherwise a verified address links
 * the identity to the account with that address, and its owner gets a mail. If that account never verified the
 * address, it is first handed over to its owner.
 *
 * @param em the transaction's.
 * @param mayOpen whether a new user may sign up. Ask that before the transaction.
 * @returns the user, locked; null for a new user who may not sign up yet. Then nothing has changed.
 * @throws {EmailUnverified} when the address is not verified, or a Google account has none.
 * @throws {AccountDisabled}
 * @see docs/decisions/0009-account-linking.md
 */
export async function findOrLinkIdentity(
  em: EntityManager,
  scope: AuthRequestScope,
  account: ProviderAccount,
  mayOpen: boolean,
): Promise<User | null> {
  const { provider, subject } = account
  await lockIdentity(em, account)
  const known = await lockOwner(em, account)
  if (known) return active(known)

  const email = verifiedAddress(account)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const owner = email === null ? null : await ownerOf(em, email)
    if (!owner && !mayOpen) return null
    const user = owner ?? (await openProviderAccount(em, scope, account, email))
    if (!user) continue
    active(user)
    if (!user.isVerified) await handOverToOwner(em, scope, user)
    const identity = em.create(Identity, { user, provider, subject, email, linkedAt: scope.clock.now() })
    await em.flush()
    if (owner) await queueLoginMethodMail(em, scope, user, identity, 'linked')
    return user
  }
  throw new Error(`The address of a ${provider} account was taken or given up ${ATTEMPTS} times in a row.`)
}

async function lockOwner(em: EntityManager, account: ProviderAccount): Promise<User | null> {
  const ownerId = await ownerIdOf(em, account)
  const user = ownerId === undefined ? null : await lockUser(em, ownerId)
  // The identity may have been unlinked while we waited for the user's lock.
  return user && (await ownerIdOf(em, account)) === user.id ? user : null
}

async function ownerOf(em: EntityManager, email: string): Promise<User | null> {
  const found = await em.findOne(User, { email })
  const user = found && (await lockUser(em, found.id))
  return user?.email === email ? user : null
}

function active(user: User): User {
  if (!user.isActive) throw new AccountDisabled()
  return user
}
