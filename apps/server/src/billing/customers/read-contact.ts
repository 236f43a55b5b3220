import type { EntityManager } from '@mikro-orm/postgresql'
import { readOwners } from '../../accounts/index.ts'
import { isStandInAddress } from '../../platform/reserved-domain.ts'

/** What the provider knows of a customer. */
export interface Contact {
  /** Null for a stand-in address, to which nothing can be sent. */
  email: string | null
  name: string
  /** The user of a personal account; null for an organization. */
  userId: string | null
}

/** An account's address and name for the provider: of the user, or of an organization and its longest-standing owner. */
export async function readContact(em: EntityManager, accountId: string): Promise<Contact> {
  const owner = (await readOwners(em, [accountId])).get(accountId)
  const email = owner && !isStandInAddress(owner.user.email) ? owner.user.email : null
  const userId = owner?.account.kind === 'personal' ? owner.user.id : null
  return { email, name: owner?.account.name ?? '', userId }
}
