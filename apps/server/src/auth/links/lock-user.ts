import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { User } from '../user.entity.ts'

/** Reads a user again and locks the row until the transaction ends. @returns null when there is no such user. */
export function lockUser(em: EntityManager, userId: string): Promise<User | null> {
  return em.findOne(User, { id: userId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
}
