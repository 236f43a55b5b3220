import type { EntityManager } from '@mikro-orm/postgresql'
import { after, type Clock } from '../../platform/clock.ts'
import { MINUTE } from '../../platform/durations.ts'
import { OAuthCode } from '../oauth-code.entity.ts'
import type { ProviderName } from '../providers/provider.ts'
import { hashOf, linkHashOf, newSecret } from './oauth-secrets.ts'

/** How long an app may take from the redirect to the exchange. */
const CODE_TTL = MINUTE

/** An account of a provider that an app wants to link. */
interface LinkedAccount {
  readonly sessionId: string
  readonly provider: ProviderName
  readonly subject: string
  readonly email: string | null
}

/**
 * Issues the code that an app exchanges for a session, or for a linked account, as part of the transaction.
 *
 * @param of.verifierHash the code works only together with this verifier.
 * @param of.link what the code links; undefined for a login.
 */
export async function issueOauthCode(
  em: EntityManager,
  clock: Clock,
  { userId, verifierHash, link }: { userId: string; verifierHash: string; link?: LinkedAccount },
): Promise<string> {
  const code = newSecret()
  const hash = link ? linkHashOf(code) : hashOf(code)
  await em.insert(OAuthCode, { ...link, hash, verifierHash, user: userId, expiresAt: after(clock.now(), CODE_TTL) })
  return code
}
