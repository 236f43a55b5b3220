import type { EntityManager } from '@mikro-orm/postgresql'
import { after, type Clock } from '../../platform/clock.ts'
import { MINUTE } from '../../platform/durations.ts'
import { OAuthCode } from '../oauth-code.entity.ts'
import { hashOf, newSecret } from './oauth-secrets.ts'

/** How long an app may take from the redirect to the exchange. */
const CODE_TTL = MINUTE

/**
 * Issues the code that an app exchanges for a session, as part of the transaction.
 *
 * @param verifierHash the code works only together with this verifier.
 */
export async function issueOauthCode(
  em: EntityManager,
  clock: Clock,
  { userId, verifierHash }: { userId: string; verifierHash: string },
): Promise<string> {
  const code = newSecret()
  const expiresAt = after(clock.now(), CODE_TTL)
  await em.insert(OAuthCode, { hash: hashOf(code), verifierHash, user: userId, expiresAt })
  return code
}
