import type { EntityManager } from '@mikro-orm/postgresql'
import { Member } from '../member.entity.ts'

/** Counts an account's members. Users whom an administrator has disabled stay members, and count. */
export async function countMembers(em: EntityManager, accountId: string): Promise<number> {
  return em.count(Member, { account: accountId })
}
