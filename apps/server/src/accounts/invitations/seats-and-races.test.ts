import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mailsTo } from '../../../test/inbox.ts'
import { aMember, anInvitation, anOrganization, membersOf, type TestMember } from '../../../test/organizations.ts'
import { jobsDone } from '../../../test/progress.ts'
import { reasonOf, refusal } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { DAY } from '../../platform/durations.ts'
import type { SeatPrice, Seats } from '../accounts-scope.ts'

let app: TestApp
let owner: TestMember
let seats: Seats | null = null
let price: SeatPrice | null = null
let number = 0
const anAddress = () => `seated-${Date.now()}-${number++}@example.com`

beforeAll(async () => {
  app = await createTestApp({}, { seats: { readSeats: async () => seats, priceOfOneMore: async () => price } })
})
beforeEach(async () => (owner = await aMember(app)))
afterEach(() => {
  seats = null
  price = null
})
afterAll(() => app[Symbol.asyncDispose]())

const invite = (by: TestMember, accountId: string, email: string) =>
  by.api.accounts.invitations.create.mutate({ accountId, email, role: 'member' })
const accept = (guest: TestMember, token = '') => guest.api.accounts.invitations.accept.mutate({ token })
const openOf = async (accountId: string) => (await owner.api.accounts.invitations.list.query({ accountId })).items
const invitationMails = async (email: string) =>
  (await mailsTo(email)).filter(({ subject }) => subject.startsWith('Invitation to join'))

describe('seats', () => {
  test('limit members and open invitations together, and expired invitations free theirs', async () => {
    const team = await anOrganization(app, owner)
    seats = { included: 2, max: 3 }
    const [first, second, third] = [anAddress(), anAddress(), anAddress()]
    await invite(owner, team.id, first)
    await invite(owner, team.id, second)
    await invite(owner, team.id, second) // again: it takes no other seat
    await expect(invite(owner, team.id, third)).rejects.toMatchObject(refusal('CONFLICT', 'SEAT_LIMIT'))
    await app
      .scope()
      .em.execute("update invitations set expires_at = now() - interval '1 day' where email = ?", [first])
    await invite(owner, team.id, third)
    const [, , expired] = await openOf(team.id)
    const again = { accountId: team.id, invitationId: expired?.id ?? '' }
    expect(await reasonOf(owner.api.accounts.invitations.resend.mutate(again))).toBe('SEAT_LIMIT')
    expect(await owner.api.accounts.get.query({ accountId: team.id })).toMatchObject({
      members: 1,
      seats: { used: 1, included: 2, max: 3 },
    })
  })

  test('that run out are announced once to owners and admins', async () => {
    const [admin, guest, next] = [await aMember(app), await aMember(app), await aMember(app)]
    const team = await anOrganization(app, owner, [[admin, 'admin']])
    const tokens = [await anInvitation(owner, team, guest.email), await anInvitation(owner, team, next.email)]
    seats = { included: 4, max: 4 }
    await accept(guest, tokens[0])
    await accept(next, tokens[1])
    await jobsDone(app, 'send-mail')
    const near = (mail: { subject: string }) => /seat/.test(mail.subject) && mail.subject.includes(team.name)
    expect((await mailsTo(owner.email)).filter(near).map(({ subject }) => subject)).toEqual([
      expect.stringContaining('One seat is left'),
    ])
    expect((await mailsTo(admin.email)).filter(near)).toHaveLength(1)
    expect((await mailsTo(guest.email)).filter(near)).toEqual([])
  })

  test('that cost something are shown with their price', async () => {
    const team = await anOrganization(app, owner)
    price = { dueNowCents: 806, nextPaymentCents: 3_100, currency: 'usd' }
    expect((await invite(owner, team.id, anAddress())).price).toEqual(price)
  })
})

describe('at the same time', () => {
  test('two people accept the last seat: one gets it', async () => {
    const guests = [await aMember(app), await aMember(app)]
    const team = await anOrganization(app, owner)
    const tokens = [
      await anInvitation(owner, team, guests[0]?.email ?? ''),
      await anInvitation(owner, team, guests[1]?.email ?? ''),
    ]
    seats = { included: 2, max: 2 }
    const outcomes = await Promise.all(guests.map((guest, index) => reasonOf(accept(guest, tokens[index]))))
    expect(outcomes.toSorted()).toEqual(['SEAT_LIMIT', 'fine'])
    expect(Object.keys(await membersOf(app, team.id))).toHaveLength(2)
  })

  test('one person accepts ten times: they join once', async () => {
    const guest = await aMember(app)
    const team = await anOrganization(app, owner)
    const token = await anInvitation(owner, team, guest.email)
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(guest, token)))
    expect(new Set(answers.map(({ id, role }) => `${id} ${role}`))).toEqual(new Set([`${team.id} member`]))
    expect(await app.deps.boss.findJobs('members-changed', { data: { accountId: team.id } })).toHaveLength(1)
    await jobsDone(app, 'send-mail')
    expect(
      (await mailsTo(owner.email)).filter(({ subject }) => subject.startsWith(`${guest.username} has`)),
    ).toHaveLength(1)
  })

  test('an invitation is accepted and revoked: either, not both', async () => {
    const team = await anOrganization(app, owner)
    for (let round = 0; round < 3; round++) {
      const guest = await aMember(app)
      const { id: invitationId } = (await invite(owner, team.id, guest.email)).invitation
      const expiresAt = new Date(Date.now() + DAY)
      const token = app.deps.auth.tokens.signInvitation({ invitationId, expiresAt }, new Date())
      const outcomes = await Promise.all([
        reasonOf(accept(guest, token)),
        reasonOf(owner.api.accounts.invitations.revoke.mutate({ accountId: team.id, invitationId })),
      ])
      const isMember = guest.username in (await membersOf(app, team.id))
      expect(outcomes).toEqual(isMember ? ['fine', 'INVITATION_NOT_FOUND'] : ['TOKEN_INVALID', 'fine'])
    }
  })

  test('an address is invited by two members: there is one open invitation', async () => {
    const admin = await aMember(app)
    const team = await anOrganization(app, owner, [[admin, 'admin']])
    const email = anAddress()
    const both = await Promise.all([owner, admin].map((by) => invite(by, team.id, email)))
    expect(both[0]?.invitation.id).toBe(both[1]?.invitation.id)
    expect(await openOf(team.id)).toHaveLength(1)
    await jobsDone(app, 'send-mail')
    expect((await invitationMails(email)).length).toBeLessThanOrEqual(2)
  })

  test('a person accepts and closes their login: they are not a member without a login', async () => {
    const team = await anOrganization(app, owner)
    for (let round = 0; round < 3; round++) {
      const guest = await aMember(app)
      const token = await anInvitation(owner, team, guest.email)
      await Promise.all([reasonOf(accept(guest, token)), reasonOf(guest.api.auth.deactivate.mutate())])
      expect(await membersOf(app, team.id)).toEqual({ [owner.username]: 'owner' })
    }
  })
})

test('a mailbox gets at most five invitations an hour, and a user sends at most a hundred a day', async () => {
  await using limited = await createTestApp(
    { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT: '1000/1m', RATE_LIMIT_READS: '1000/1m' },
    { worker: false },
  )
  const sender = await aMember(limited)
  const team = await anOrganization(limited, sender)
  const email = anAddress()
  for (let sent = 0; sent < 6; sent++) await invite(sender, team.id, email)
  const mails = await limited.scope().em.execute('select 1 from mails where recipient = ?', [email])
  expect(mails).toHaveLength(5)

  await limited.scope().em.execute("update rate_limits set points = 100 where key like 'invitation:%'")
  await expect(invite(sender, team.id, anAddress())).rejects.toMatchObject(refusal('TOO_MANY_REQUESTS', 'RATE_LIMITED'))
})
