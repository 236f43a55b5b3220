import { queueMail, type MailOfFact } from '../../mail/index.ts'
import { after } from '../../platform/clock.ts'
import type { AuthScope } from '../auth-scope.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'
import type { User } from '../user.entity.ts'

/**
 * Creates a verification token for the user's current address and queues its mail, as part of the transaction. Its link
 * leads on to the same page as the last one.
 */
export async function requestVerificationMail(scope: AuthScope, user: User): Promise<void> {
  const { em, clock, auth } = scope
  const now = clock.now()
  const last = await em.findOne(
    OneTimeToken,
    { user: user.id, purpose: 'verify-email' },
    { orderBy: { createdAt: 'desc' } },
  )
  const token = em.create(OneTimeToken, {
    user,
    purpose: 'verify-email',
    email: user.email,
    redirectTo: last?.redirectTo ?? null,
    createdAt: now,
    expiresAt: after(now, auth.settings.verificationTokenTtl),
  })
  await em.flush()
  await queueMail(
    em,
    scope,
    verificationMail({ id: user.id, tokenId: token.jti, email: user.email, username: user.username }),
  )
}

/** The mail for a verification token. The transaction that creates the token must queue it. */
export function verificationMail(about: Record<'id' | 'tokenId' | 'email' | 'username', string>): MailOfFact {
  const { id: userId, tokenId, email: to, username } = about
  return { fact: `verify-email:${tokenId}`, to, userId, template: 'verify-email', props: { username, tokenId } }
}
