import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, codeIn, mailsTo, tokenIn } from '../../../test/inbox.ts'
import { aMember, anInvitation, anOrganization, membersOf, type TestMember } from '../../../test/organizations.ts'
import { jobsDone } from '../../../test/progress.ts'
import { reasonOf, refusal } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { DAY } from '../../platform/durations.ts'

let app: TestApp
let owner: TestMember
let number = 0
const anAddress = () => `invited-${Date.now()}-${number++}@example.com`

beforeAll(async () => {
  app = await createTestApp()
  owner = await aMember(app)
})
afterAll(() => app[Symbol.asyncDispose]())

const invite = (by: TestMember, accountId: string, email: string, role: 'owner' | 'admin' | 'member' = 'member') =>
  by.api.accounts.invitations.create.mutate({ accountId, email, role })
const openOf = async (accountId: string) =>
  (await owner.api.accounts.invitations.list.query({ accountId })).items.map(({ email, role }) => ({ email, role }))
const invitationMails = async (email: string) =>
  (await mailsTo(email)).filter(({ subject }) => subject.startsWith('Invitation to join'))

test('an invited person signs up, accepts, and is a member with the invited role', async () => {
  const team = await anOrganization(app, owner)
  const email = anAddress()
  const { invitation, price: cost } = await invite(owner, team.id, email, 'admin')
  expect(invitation).toMatchObject({ email, role: 'admin', invitedBy: owner.username, isExpired: false })
  expect(invitation.expiresAt.getTime() - invitation.sentAt.getTime()).toBe(7 * DAY)
  expect(cost).toBeNull()

  const mail = await aMailTo(email, /^Invitation to join/)
  expect(mail.text).toContain('The link works for 7 days.')
  const token = tokenIn(mail)
  expect(await app.client().api.accounts.invitations.get.query({ token })).toEqual({
    ...{ accountName: team.name, role: 'admin', email, invitedBy: owner.username },
    expiresAt: invitation.expiresAt,
  })

  const guest = await aMember(app, { email, isVerified: false })
  const joined = await guest.api.accounts.invitations.accept.mutate({ token })
  expect(joined).toMatchObject({ id: team.id, kind: 'organization', name: team.name, role: 'admin' })
  expect((await guest.api.auth.me.query()).isVerified).toBe(true)
  expect((await guest.api.accounts.list.query()).map(({ kind, role }) => [kind, role])).toEqual([
    ['personal', 'owner'],
    ['organization', 'admin'],
  ])
  expect(await openOf(team.id)).toEqual([])
  await aMailTo(owner.email, new RegExp(`^${guest.username} has joined`))
})

describe('a token', () => {
  test('makes only the invited address a member', async () => {
    const team = await anOrganization(app, owner)
    const token = await anInvitation(owner, team, anAddress())
    const other = await aMember(app)
    await expect(other.api.accounts.invitations.accept.mutate({ token })).rejects.toMatchObject(
      refusal('FORBIDDEN', 'OTHER_ADDRESS'),
    )
    expect(await membersOf(app, team.id)).toEqual({ [owner.username]: 'owner' })
  })

  test('works once: repeated by a member, it answers the same, and after their removal, nothing', async () => {
    const team = await anOrganization(app, owner)
    const guest = await aMember(app)
    const token = await anInvitation(owner, team, guest.email)
    const accept = () => guest.api.accounts.invitations.accept.mutate({ token })
    expect(await accept()).toEqual(await accept())
    expect(await reasonOf(app.client().api.accounts.invitations.get.query({ token }))).toBe('TOKEN_INVALID')

    await owner.api.accounts.members.remove.mutate({ accountId: team.id, userId: guest.id })
    expect(await reasonOf(accept())).toBe('TOKEN_INVALID')
  })

  test('expires after seven days, and an invitation that is sent again gets a new one', async () => {
    const team = await anOrganization(app, owner)
    const guest = await aMember(app)
    const { id: invitationId } = (await invite(owner, team.id, guest.email)).invitation
    const past = (days: number) => new Date(Date.now() - days * DAY)
    await app
      .scope()
      .em.execute('update invitations set created_at = ?, sent_at = ?, expires_at = ? where id = ?', [
        ...[past(8), past(8), past(1), invitationId],
      ])
    const tokenUntil = (expiresAt: Date) =>
      app.deps.auth.tokens.signInvitation({ invitationId, expiresAt }, app.clock.now())
    const outcomes = async (token: string) => [
      await reasonOf(app.client().api.accounts.invitations.get.query({ token })),
      await reasonOf(guest.api.accounts.invitations.accept.mutate({ token })),
    ]
    expect(await outcomes(tokenUntil(past(1)))).toEqual(['TOKEN_EXPIRED', 'TOKEN_EXPIRED'])
    expect(await outcomes(tokenUntil(past(-1)))).toEqual(['TOKEN_EXPIRED', 'TOKEN_EXPIRED'])
    expect((await owner.api.accounts.invitations.list.query({ accountId: team.id })).items[0]?.isExpired).toBe(true)

    const renewed = await owner.api.accounts.invitations.resend.mutate({ accountId: team.id, invitationId })
    expect(renewed.isExpired).toBe(false)
    expect(await outcomes(tokenUntil(renewed.expiresAt))).toEqual(['fine', 'fine'])
  })

  test('that is forged, of another purpose, or of a revoked invitation is invalid', async () => {
    const team = await anOrganization(app, owner)
    const guest = await aMember(app)
    const token = await anInvitation(owner, team, guest.email)
    const { tokens } = app.deps.auth
    const expiresAt = new Date(Date.now() + DAY)
    const reset = tokens.signValidation(
      { jti: team.id, userId: guest.id, purpose: 'verify-email', expiresAt },
      new Date(),
    )
    const unknown = tokens.signInvitation({ invitationId: team.id, expiresAt }, new Date())
    const [invitation] = (await owner.api.accounts.invitations.list.query({ accountId: team.id })).items
    const revoke = () =>
      owner.api.accounts.invitations.revoke.mutate({ accountId: team.id, invitationId: invitation?.id ?? '' })
    await revoke()
    for (const bad of ['x', reset, unknown, `${token}x`, token]) {
      expect(await reasonOf(guest.api.accounts.invitations.accept.mutate({ token: bad }))).toBe('TOKEN_INVALID')
      expect(await reasonOf(app.client().api.accounts.invitations.get.query({ token: bad }))).toBe('TOKEN_INVALID')
    }
    expect(await reasonOf(revoke())).toBe('INVITATION_NOT_FOUND')
    expect(await reasonOf(app.client().api.auth.verifyEmail.mutate({ token }))).toBe('TOKEN_INVALID')
  })
})

describe('an invitation', () => {
  test('is one for an address and account: repeated, it is sent again with the new role', async () => {
    const team = await anOrganization(app, owner)
    const email = anAddress()
    const first = (await invite(owner, team.id, email, 'member')).invitation
    const second = (await invite(owner, team.id, ` ${email.toUpperCase()} `, 'admin')).invitation
    expect(second).toMatchObject({ id: first.id, email, role: 'admin' })
    await jobsDone(app, 'send-mail')
    expect(await invitationMails(email)).toHaveLength(2)
    expect(await openOf(team.id)).toEqual([{ email, role: 'admin' }])
  })

  test('is not for a member, whatever the case of their address, nor for a stand-in address', async () => {
    const guest = await aMember(app)
    const team = await anOrganization(app, owner, [[guest, 'member']])
    expect(await reasonOf(invite(owner, team.id, guest.email.toUpperCase()))).toBe('ALREADY_MEMBER')
    expect(await reasonOf(invite(owner, team.id, 'someone@github.local'))).toBe('INVALID_INPUT')
  })

  test('has a role that exists, and not one above that of the person who sends it', async () => {
    const [admin, member, email] = [await aMember(app), await aMember(app), anAddress()]
    const team = await anOrganization(app, owner, [
      [admin, 'admin'],
      [member, 'billing'],
    ])
    expect(await reasonOf(invite(admin, team.id, email, 'owner'))).toBe('ROLE_REQUIRED')
    expect(await reasonOf(invite(member, team.id, email))).toBe('ROLE_REQUIRED')
    const odd = { accountId: team.id, email, role: 'superuser' }
    expect(await reasonOf(owner.api.accounts.invitations.create.mutate(odd as never))).toBe('INVALID_INPUT')
    expect(await openOf(team.id)).toEqual([])

    // An admin does not touch an invitation that only an owner may send.
    const { id: invitationId } = (await invite(owner, team.id, email, 'owner')).invitation
    const { resend, revoke } = admin.api.accounts.invitations
    const refused = [
      await reasonOf(invite(admin, team.id, email, 'member')),
      await reasonOf(resend.mutate({ accountId: team.id, invitationId })),
      await reasonOf(revoke.mutate({ accountId: team.id, invitationId })),
    ]
    expect(refused).toEqual(['ROLE_REQUIRED', 'ROLE_REQUIRED', 'ROLE_REQUIRED'])
    expect(await openOf(team.id)).toEqual([{ email, role: 'owner' }])
  })

  test('belongs to its account: another account’s owner can’t see, send or revoke it', async () => {
    const stranger = await aMember(app)
    const [team, theirs] = [await anOrganization(app, owner), await anOrganization(app, stranger)]
    const { id: invitationId } = (await invite(owner, team.id, anAddress())).invitation
    const { resend, revoke, list } = stranger.api.accounts.invitations
    expect(await reasonOf(list.query({ accountId: team.id }))).toBe('ACCOUNT_NOT_FOUND')
    for (const accountId of [team.id, theirs.id]) {
      const expected = accountId === team.id ? 'ACCOUNT_NOT_FOUND' : 'INVITATION_NOT_FOUND'
      expect(await reasonOf(resend.mutate({ accountId, invitationId }))).toBe(expected)
      expect(await reasonOf(revoke.mutate({ accountId, invitationId }))).toBe(expected)
    }
  })

  test.each([
    ['was removed', 'remove'],
    ['has lost the role', 'demote'],
    ['has left', 'leave'],
    ['was disabled', 'disable'],
  ])('is void once its sender %s, so they can’t come back through it', async (_what, how) => {
    const admin = await aMember(app)
    const team = await anOrganization(app, owner, [[admin, 'admin']])
    const guest = await aMember(app)
    const token = await anInvitation(admin, team, guest.email, 'admin')
    const about = { accountId: team.id, userId: admin.id }
    if (how === 'remove') await owner.api.accounts.members.remove.mutate(about)
    if (how === 'demote') await owner.api.accounts.members.setRole.mutate({ ...about, role: 'billing' })
    if (how === 'leave') await admin.api.accounts.leave.mutate(about)
    if (how === 'disable') {
      await app.scope().em.execute('update users set is_active = false where id = ?', [admin.id])
    }
    expect(await reasonOf(guest.api.accounts.invitations.accept.mutate({ token }))).toBe('TOKEN_INVALID')
    expect(await reasonOf(app.client().api.accounts.invitations.get.query({ token }))).toBe('TOKEN_INVALID')
    // Anyone who may invite can send it as their own.
    await invite(owner, team.id, guest.email)
    const newest = (await invitationMails(guest.email)).length
    await jobsDone(app, 'send-mail')
    expect((await invitationMails(guest.email)).length).toBeGreaterThanOrEqual(newest)
  })

  test('keeps its role if its sender keeps the right to give it', async () => {
    const [second, guest, other] = [await aMember(app), await aMember(app), await aMember(app)]
    const team = await anOrganization(app, owner, [[second, 'owner']])
    const [toOwner, toAdmin] = [
      await anInvitation(second, team, guest.email, 'owner'),
      await anInvitation(second, team, other.email, 'admin'),
    ]
    await owner.api.accounts.members.setRole.mutate({ accountId: team.id, userId: second.id, role: 'admin' })
    expect(await reasonOf(guest.api.accounts.invitations.accept.mutate({ token: toOwner }))).toBe('TOKEN_INVALID')
    expect((await other.api.accounts.invitations.accept.mutate({ token: toAdmin })).role).toBe('admin')
  })

  test('is not mailed anymore if it was revoked meanwhile', async () => {
    const team = await anOrganization(app, owner)
    const email = anAddress()
    await app.stopWorker()
    const { id: invitationId } = (await invite(owner, team.id, email)).invitation
    await owner.api.accounts.invitations.revoke.mutate({ accountId: team.id, invitationId })
    await app.startWorker()
    await jobsDone(app, 'send-mail')
    expect(await mailsTo(email)).toEqual([])
  })

  test('is of no use to the next owner of an address that a user has given up, unless it is sent again', async () => {
    const team = await anOrganization(app, owner)
    const guest = await aMember(app)
    const token = await anInvitation(owner, team, guest.email)
    await app.scope().em.execute('update users set email = ? where id = ?', [anAddress(), guest.id])
    const next = await aMember(app, { email: guest.email })
    for (const { api } of [next, guest])
      expect(await reasonOf(api.accounts.invitations.accept.mutate({ token }))).toBe('TOKEN_INVALID')
    expect(await reasonOf(app.client().api.accounts.invitations.get.query({ token }))).toBe('TOKEN_INVALID')
    const [open] = (await owner.api.accounts.invitations.list.query({ accountId: team.id })).items
    await owner.api.accounts.invitations.resend.mutate({ accountId: team.id, invitationId: open?.id ?? '' })
    expect((await next.api.accounts.invitations.accept.mutate({ token })).id).toBe(team.id)
  })

  test('is of no use to a person who signed up with the invited address before its owner', async () => {
    const team = await anOrganization(app, owner)
    const email = anAddress()
    const attacker = await aMember(app, { email, isVerified: false })
    const token = await anInvitation(owner, team, email)
    const victim = app.client()
    await victim.api.auth.requestLoginCode.mutate({ email })
    await victim.api.auth.loginWithCode.mutate({ email, code: codeIn(await aMailTo(email, /login code/)) })
    expect((await victim.api.accounts.invitations.accept.mutate({ token })).id).toBe(team.id)
    expect(await reasonOf(attacker.api.accounts.list.query())).toBe('INVALID_TOKEN')
    expect(await reasonOf(app.as(attacker))).toBe('INVALID_CREDENTIALS')
  })

  test('ends with its organization', async () => {
    const team = await anOrganization(app, owner)
    const guest = await aMember(app)
    const token = await anInvitation(owner, team, guest.email)
    await owner.api.accounts.delete.mutate({ accountId: team.id })
    expect(await reasonOf(guest.api.accounts.invitations.accept.mutate({ token }))).toBe('TOKEN_INVALID')
  })

  test('to a member’s new address changes no role', async () => {
    const guest = await aMember(app)
    const team = await anOrganization(app, owner, [[guest, 'admin']])
    const email = anAddress()
    const token = await anInvitation(owner, team, email, 'member')
    await app.scope().em.execute('update users set email = ? where id = ?', [email, guest.id])
    expect((await guest.api.accounts.invitations.accept.mutate({ token })).role).toBe('admin')
    expect(await openOf(team.id)).toEqual([])
  })

  test('by an account with a link for a name is impossible, and other names make no links', async () => {
    const names = [
      'Win: https://evil.example',
      'WWW.evil.example',
      'A\u202Egnp',
      'a\nb',
      ' ',
      '\u200B\u2060',
      'x'.repeat(101),
    ]
    for (const name of names) expect(await reasonOf(owner.api.accounts.create.mutate({ name }))).toBe('INVALID_INPUT')
    const { id: accountId } = await owner.api.accounts.create.mutate({ name: 'evil.example <b>prize</b>' })
    const email = anAddress()
    await invite(owner, accountId, email)
    const { subject, html, text } = await aMailTo(email, /^Invitation to join/)
    expect(`${subject}${html}${text}`).not.toContain('evil.example')
    expect(html).not.toContain('<b>prize')
  })
})
