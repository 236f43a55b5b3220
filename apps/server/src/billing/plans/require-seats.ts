import type { EntityManager } from '@mikro-orm/postgresql'
import { countMembers } from '../../accounts/index.ts'
import { TooManyMembers } from '../billing.errors.ts'
import type { Plan } from '../plan.entity.ts'

/**
 * Requires that a plan has room for an account's members.
 *
 * @returns how many members the account has.
 * @throws {TooManyMembers}
 */
export async function requireSeats(em: EntityManager, plan: Plan, accountId: string): Promise<number> {
  const members = await countMembers(em, accountId)
  if (lacksSeats(plan, members)) throw new TooManyMembers()
  return members
}

/** Whether a plan has no room for so many members. */
export function lacksSeats(plan: Plan, members: number): boolean {
  const limit = plan.seatLimit()
  return limit !== null && members > limit
}
