import type { EntityManager } from '@mikro-orm/postgresql'
import { LoginCode } from '../login-code.entity.ts'
import { OAuthCode } from '../oauth-code.entity.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'

/** Voids a user's links and codes that are on their way, because what they prove has changed. */
export async function voidTokens(em: EntityManager, userId: string): Promise<void> {
  await em.nativeDelete(OneTimeToken, { user: userId })
  await em.nativeDelete(LoginCode, { user: userId })
  await em.nativeDelete(OAuthCode, { user: userId })
}
