import type { AuthScope } from '../auth-scope.ts'
import { Identity } from '../identity.entity.ts'
import type { IdentityList } from '../identity.schemas.ts'

/** The Google and GitHub accounts that log a user in, with the address that each had when it was linked. */
export async function listIdentities({ em }: Pick<AuthScope, 'em'>, input: { userId: string }): Promise<IdentityList> {
  const identities = await em.find(Identity, { user: input.userId }, { orderBy: { linkedAt: 'asc', id: 'asc' } })
  return identities.map(({ provider, email, linkedAt }) => ({ provider, email: email ?? null, linkedAt }))
}
