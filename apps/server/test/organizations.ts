import type { TollgateClient } from '@tollgate/client'
import { aMailTo, tokenIn } from './inbox.ts'
import type { TestApp, TestUser } from './test-app.ts'

export type TestRole = 'owner' | 'admin' | 'billing' | 'member'

export interface TestMember extends TestUser {
  api: TollgateClient['api']
}

export interface TestOrganization {
  id: string
  name: string
}

/** A user with a client that is logged in. */
export async function aMember(app: TestApp, account: Parameters<TestApp['aUser']>[0] = {}): Promise<TestMember> {
  const user = await app.aUser(account)
  return { ...user, api: (await app.as(user)).api }
}

/** An organization of this owner, which these users have joined. */
export async function anOrganization(
  app: TestApp,
  owner: TestMember,
  members: readonly [TestUser, TestRole][] = [],
): Promise<TestOrganization> {
  const { id, name } = await owner.api.accounts.create.mutate({ name: `Team of ${owner.username}` })
  for (const [user, role] of members) await addMember(app, id, user, role)
  return { id, name }
}

/** Makes a user a member, without an invitation, and after all who are members. */
export async function addMember(app: TestApp, accountId: string, user: TestUser, role: TestRole): Promise<void> {
  await app.scope().em.execute(
    `insert into members (account_id, user_id, role, joined_at)
       select ?, ?, ?, greatest(date_trunc('milliseconds', now()), max(joined_at) + interval '1 millisecond')
       from members where account_id = ?`,
    [accountId, user.id, role, accountId],
  )
}

/** The members of an account, by username. */
export async function membersOf(app: TestApp, accountId: string): Promise<Record<string, TestRole>> {
  const rows = await app
    .scope()
    .em.execute<{ username: string; role: TestRole }[]>(
      'select username, role from members join users on users.id = user_id where account_id = ? order by username',
      [accountId],
    )
  return Object.fromEntries(rows.map(({ username, role }) => [username, role]))
}

/** Invites an address. @returns the token of the link in its mail. */
export async function anInvitation(
  by: TestMember,
  account: { id: string },
  email: string,
  role: TestRole = 'member',
): Promise<string> {
  await by.api.accounts.invitations.create.mutate({ accountId: account.id, email, role })
  return tokenIn(await aMailTo(email, /^Invitation to join/))
}
