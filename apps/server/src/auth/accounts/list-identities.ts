import type { AuthScope } from '../auth-scope.ts'
import { Identity } from '../identity.entity.ts'
import type { IdentityList } from '../identity.schemas.ts'

/** Lists a user's linked Google and GitHub accounts, each with its address at the time of linking. */
export async function listIdentities({ em }: Pick<AuthScope, 'em'>, input: { userId: string }): Promise<IdentityList> {
  const identities = await em.find(Identity, { user: input.userId }, { orderBy: { linkedAt: 'asc', id: 'asc' } })
  return identities.map(({ provider, email, linkedAt }) => ({ provider, email: email ?? null, linkedAt }))
}
