import { afterAll, beforeAll, expect, test } from 'vitest'
import { aMember, anOrganization, type TestMember, type TestRole } from '../../../test/organizations.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { DAY } from '../../platform/durations.ts'

const ROLES: readonly TestRole[] = ['owner', 'owner', 'admin', 'member']
const ROUNDS = 8
const AT_ONCE = 10

/** A repeatable sequence of numbers from 0 up to `below`. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

test.each([7, 8, 9])('any calls at the same time break no rule and leave an owner (seed %d)', async (seed) => {
  const random = numbers(seed)
  const pick = <T>(list: readonly T[]): T => {
    const item = list[random(list.length)]
    if (item === undefined) throw new Error('Nothing to pick from.')
    return item
  }
  const users = await Promise.all(Array.from({ length: 7 }, () => aMember(app)))
  const founder = pick(users)
  const organizations = [
    await anOrganization(
      app,
      founder,
      users.filter((user) => user !== founder).map((user) => [user, pick(ROLES)]),
    ),
    await anOrganization(
      app,
      founder,
      users.filter((user) => user !== founder).map((user) => [user, pick(ROLES)]),
    ),
  ]

  /** An open invitation's token, as its mail would have it. */
  const tokenFor = async ({ email }: TestMember, accountId: string) => {
    const [row] = await app
      .scope()
      .em.execute<{ id: string }[]>(
        'select id from invitations where account_id = ? and email = ? order by created_at desc limit 1',
        [accountId, email],
      )
    const expiresAt = new Date(Date.now() + DAY)
    return row ? app.deps.auth.tokens.signInvitation({ invitationId: row.id, expiresAt }, new Date()) : 'none'
  }
  const act = async (): Promise<string> => {
    const [by, other, { id: accountId }] = [pick(users), pick(users), pick(organizations)]
    const { members, invitations, leave } = by.api.accounts
    const about = { accountId, userId: other.id }
    const which = random(20)
    if (which < 5) return reasonOf(members.setRole.mutate({ ...about, role: pick(ROLES) }))
    if (which < 9) return reasonOf(members.remove.mutate(about))
    if (which < 12) return reasonOf(leave.mutate({ accountId }))
    if (which < 15) return reasonOf(invitations.create.mutate({ accountId, email: other.email, role: pick(ROLES) }))
    if (which < 19) return reasonOf(invitations.accept.mutate({ token: await tokenFor(by, accountId) }))
    return reasonOf(by.api.auth.deactivate.mutate())
  }

  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    outcomes.push(...(await Promise.all(Array.from({ length: AT_ONCE }, act))))
    const broken = await app.scope().em.execute(
      `select account.id from accounts account where account.kind = 'organization' and account.closed_at is null
       and not exists (
         select 1 from members member join users on users.id = member.user_id
         where member.account_id = account.id and member.role = 'owner' and users.is_active
       )`,
    )
    expect(broken).toEqual([])
  }
  expect(outcomes.filter((outcome) => outcome === 'INTERNAL_ERROR')).toEqual([])
  expect(outcomes).toContain('fine')
  const ghosts = await app.scope().em.execute(
    `select 1 from members member join users on users.id = member.user_id join accounts account
       on account.id = member.account_id and account.kind = 'organization' and account.closed_at is null
     where not users.is_active`,
  )
  expect(ghosts).toEqual([])
})
