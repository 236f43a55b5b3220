import type { EntityManager } from '@mikro-orm/postgresql'
import { readOwners, type AccountOwner } from '../../accounts/index.ts'

type Owned = Pick<AccountOwner, 'account'> & { user: { id: string; email: string } }

/** Reads who owns the rows of a page. @returns a function that gives a row's account, and the user who stands for it. */
export async function readOwnersOf(
  em: EntityManager,
  rows: readonly { account: { id: string } }[],
): Promise<(row: { account: { id: string } }) => Owned> {
  const owners = await readOwners(em, [...new Set(rows.map(({ account }) => account.id))])
  return ({ account: { id } }) => {
    const owner = owners.get(id)
    if (!owner) throw new Error(`The account ${id} has no owner.`)
    return { account: owner.account, user: { id: owner.user.id, email: owner.user.email } }
  }
}
