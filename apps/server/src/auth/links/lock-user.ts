import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { User } from '../user.entity.ts'

/** Reads a user anew and keeps everybody else from changing him until the transaction ends. */
export function lockUser(em: EntityManager, userId: string): Promise<User | null> {
  return em.findOne(User, { id: userId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
}
