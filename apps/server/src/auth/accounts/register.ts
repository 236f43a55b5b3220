import { queueMails } from '../../mail/index.ts'
import { after } from '../../platform/clock.ts'
import { newId } from '../../platform/database/ids.ts'
import { runAlone } from '../../platform/database/prepared.ts'
import type { Insertion } from '../../platform/jobs/join-statements.ts'
import { checkSignUp, requireSmall, type FieldChanges } from '../../platform/own-data.ts'
import type { AuthRequestScope, AuthScope } from '../auth-scope.ts'
import type { RegisterInput, UserView } from '../auth.schemas.ts'
import { pathAfterLink } from '../links/local-path.ts'
import { verificationMail } from '../links/request-verification-mail.ts'
import { admitSignUp } from './admit-sign-up.ts'
import { takenError } from './taken-error.ts'

/**
 * Opens an account with an empty profile and queues the mail that verifies its address. One statement does it all, or
 * nothing.
 *
 * @throws {EmailTaken} even if two callers register at the same time: the unique index decides.
 * @throws {UsernameTaken} likewise.
 * @throws {InvalidInput} for fields of the configuration.
 * @throws {SignUpDenied} by the configuration.
 * @throws {HookFailed}
 * @throws {Busy} when too many passwords are being hashed.
 */
export async function register(scope: AuthRequestScope, input: RegisterInput): Promise<UserView> {
  const publicData = checkSignUp(scope.auth.ownFields, input.publicData)
  requireSmall(publicData)
  const { email, username } = input
  await admitSignUp(scope, { email, username, method: 'password', publicData })
  const passwordHash = await scope.auth.passwords.hash(input.password) // slow on purpose, so not while a row is locked

  const redirectTo = pathAfterLink(input.redirectTo, scope.auth.settings.webUrl)
  const { user, tokenId, opening } = newAccount(scope, { ...input, publicData, passwordHash, redirectTo })
  try {
    await queueMails(runAlone(scope.em), scope, [verificationMail({ ...user, tokenId })], [opening])
    return user
  } catch (error) {
    throw takenError(error) ?? error
  }
}

/** The three rows of a new account. Under many sign-ups, the unit of work would be slower. */
const OPEN_ACCOUNT = {
  name: 'open-account',
  statements: [
    `insert into users (id, email, username, username_key, password_hash, created_at, updated_at, public_data)
     values ($1, $2, $3, $4, $5, $6, $6, nullif($10::jsonb, '{}'))`,
    `insert into profiles (user_id, updated_at) values ($1, $6)`,
    `insert into one_time_tokens (jti, user_id, purpose, email, created_at, expires_at, redirect_to)
     values ($7, $1, 'verify-email', $2, $6, $8, $9)`,
  ],
}

interface NewAccount {
  email: string
  username: string
  passwordHash: string
  redirectTo: string | null
  publicData: FieldChanges
}

function newAccount(
  { clock, auth }: AuthScope,
  { email, username, passwordHash, redirectTo, publicData }: NewAccount,
): { user: UserView; tokenId: string; opening: Insertion } {
  const [id, tokenId, now] = [newId(), newId(), clock.now()]
  const values = [
    ...[id, email, username, username.toLowerCase(), passwordHash, now],
    ...[tokenId, after(now, auth.settings.verificationTokenTtl), redirectTo, JSON.stringify(publicData)],
  ]
  const user: UserView = {
    ...{ id, email, username, createdAt: now },
    ...{ isVerified: false, isActive: true, isAdmin: false, provider: 'local', publicData },
  }
  return { user, tokenId, opening: { ...OPEN_ACCOUNT, values } }
}
