import type { EntityManager } from '@mikro-orm/postgresql'
import { queueMail } from '../mail/index.ts'
import { after } from '../platform/clock.ts'
import type { AuthScope } from './auth-scope.ts'
import { OneTimeToken } from './one-time-token.entity.ts'
import type { User } from './user.entity.ts'

/** Makes a verification token for the user's present address and queues its mail, as part of the transaction. */
export async function requestVerificationMail(scope: AuthScope, user: User): Promise<void> {
  const { em, clock, auth } = scope
  const token = em.create(OneTimeToken, {
    user,
    purpose: 'verify-email',
    email: user.email,
    expiresAt: after(clock.now(), auth.settings.verificationTokenTtl),
  })
  await em.flush()
  await queueVerificationMail(em, scope, { tokenId: token.jti, email: user.email, username: user.username })
}

/** Queues the mail of a verification token, as part of the transaction that has made it. */
export async function queueVerificationMail(
  em: EntityManager,
  scope: AuthScope,
  { tokenId, email, username }: { tokenId: string; email: string; username: string },
): Promise<void> {
  await queueMail(em, scope, {
    fact: `verify-email:${tokenId}`,
    to: email,
    template: 'verify-email',
    props: { username, tokenId },
  })
}
