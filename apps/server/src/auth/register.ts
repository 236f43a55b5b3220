import type { EntityManager } from '@mikro-orm/postgresql'
import { after } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import type { AuthScope } from './auth-scope.ts'
import type { RegisterInput, UserView } from './auth.schemas.ts'
import { refuseCommonPassword } from './common-passwords.ts'
import { queueVerificationMail } from './request-verification-mail.ts'
import { takenError } from './taken-error.ts'

/**
 * Opens an account with an empty profile and queues the mail that verifies its address, all or nothing.
 *
 * @throws {EmailTaken} {UsernameTaken} also when two people ask at the same moment: the unique indexes decide.
 * @throws {InvalidInput} a common password. {Busy} too many passwords are being hashed.
 */
export async function register(scope: AuthScope, input: RegisterInput): Promise<UserView> {
  refuseCommonPassword(input.password, 'password')
  const passwordHash = await scope.auth.passwords.hash(input.password) // slow on purpose: not while holding a row

  try {
    return await scope.em.transactional(async (em) => {
      const { user, tokenId } = await openAccount(em, scope, { ...input, passwordHash })
      await queueVerificationMail(em, scope, { ...user, tokenId })
      return user
    })
  } catch (error) {
    throw takenError(error) ?? error
  }
}

/** Three rows that always come together, in one round trip: while many sign up, the unit of work would take longer. */
async function openAccount(
  em: EntityManager,
  { clock, auth }: AuthScope,
  { email, username, passwordHash }: { email: string; username: string; passwordHash: string },
): Promise<{ user: UserView; tokenId: string }> {
  const [id, tokenId, now] = [newId(), newId(), clock.now()]
  await em.execute(
    `with opened as (
       insert into users (id, email, username, username_key, password_hash, created_at, updated_at)
       values (?, ?, ?, ?, ?, ?, ?)
     ), profile as (
       insert into profiles (user_id, updated_at) values (?, ?)
     )
     insert into one_time_tokens (jti, user_id, purpose, email, created_at, expires_at)
     values (?, ?, 'verify-email', ?, ?, ?)`,
    [
      ...[id, email, username, username.toLowerCase(), passwordHash, now, now],
      ...[id, now],
      ...[tokenId, id, email, now, after(now, auth.settings.verificationTokenTtl)],
    ],
  )
  const user: UserView = {
    ...{ id, email, username, createdAt: now },
    ...{ isVerified: false, isActive: true, isAdmin: false, provider: 'local' },
  }
  return { user, tokenId }
}
