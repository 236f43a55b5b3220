import type { EntityManager } from '@mikro-orm/postgresql'
import { LoginCode } from '../login-code.entity.ts'
import { OneTimeToken } from '../one-time-token.entity.ts'

/** Voids all links and codes in a user's mailbox, because what they prove has changed. */
export async function voidTokens(em: EntityManager, userId: string): Promise<void> {
  await em.nativeDelete(OneTimeToken, { user: userId })
  await em.nativeDelete(LoginCode, { user: userId })
}
