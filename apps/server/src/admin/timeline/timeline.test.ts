import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allPages, anAdmin, UNKNOWN_ID } from '../../../test/admin.ts'
import { aMailTo, tokenIn } from '../../../test/inbox.ts'
import { addMember, aMember, anInvitation, anOrganization } from '../../../test/organizations.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { aPayingUser, type PayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'

type Kind = Entry['kind']
type Entry = Awaited<ReturnType<TollgateClient['api']['admin']['timeline']['query']>>['items'][number]

describe('the timeline', () => {
  let app: TestApp
  let admin: TestUser
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    const created = await anAdmin(app)
    admin = created
    api = created.api
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const read = (input: object) => api.admin.timeline.query({ limit: 100, ...input })
  const entriesOf = async (userId: string, ...kinds: Kind[]) => (await read({ userId, kinds })).items

  test('shows a plan that was bought to begin later, with the plan that it replaces', async () => {
    const payer = await aPayingUser(app, 'pro')
    const [{ id: subscriptionId } = { id: '' }] = (await api.admin.subscriptions.list.query({ userId: payer.id })).items
    await app.scope().em.execute(
      `insert into upcoming_subscriptions (id, account_id, plan_id, provider, provider_subscription_id, starts_at, price,
         quantity, currency, billing_period, replaces_id, created_at)
       select gen_random_uuid(), ?, id, 'paymob', '1264', now() + interval '20 days', 90000, 1, 'egp', 'monthly', ?, now()
       from plans where code = 'vip'`,
      [payer.id, subscriptionId],
    )
    expect(await entriesOf(payer.id, 'switch')).toMatchObject([
      {
        facts: {
          ...{ planCode: 'vip', planName: 'VIP', formerPlanName: 'Pro', provider: 'paymob', status: 'waiting' },
          ...{ priceCents: 90_000, currency: 'egp', billingPeriod: 'monthly', startsAt: expect.any(Date) },
        },
        target: { type: 'subscription', id: subscriptionId },
      },
    ])
  })

  test("shows a customer's life: sign-up, login, mails, payment, events, plan change, refund and end, with where each leads", async () => {
    const payer = await aPayingUser(app, 'pro')
    const { api: theirs } = await app.as(payer)
    // Stripe's times are whole seconds. So what it did within one second has no order.
    await advance(app, { seconds: 2 })
    await theirs.billing.subscriptions.change.mutate({ planCode: 'vip' })
    await advance(app, { seconds: 2 })
    const [subscription] = (await api.admin.subscriptions.list.query({ userId: payer.id })).items
    const payments = (await api.admin.payments.list.query({ userId: payer.id })).items
    const oldest = payments.at(-1)
    await api.admin.payments.refund.mutate({ id: oldest?.id ?? '', amountCents: 100 })
    await api.admin.subscriptions.cancel.mutate({ id: subscription?.id ?? '', at: 'now' })
    await aMailTo(payer.email, /has ended/)
    await eventsDone(app)

    const { items, nextCursor } = await read({ userId: payer.id })
    expect(nextCursor).toBeNull()
    const count = (kind: Kind) => items.filter((entry) => entry.kind === kind).length
    for (const kind of [
      'sign_up',
      'login',
      'mail',
      'subscription',
      'payment',
      'refund',
      'webhook_event',
      'audit',
    ] as const)
      expect([kind, count(kind)]).toEqual([kind, expect.toSatisfy((found: number) => found > 0)])
    const [signUp, ...others] = items.filter(({ kind }) => kind === 'sign_up')
    expect([signUp, others]).toMatchObject([{ facts: { of: 'user', provider: 'local' } }, []])
    // Stripe's times are whole seconds, so what it did in the second of the sign-up comes before it.
    const first = Math.floor((signUp?.at.getTime() ?? 0) / 1000)
    expect(items.filter(({ at }) => Math.floor(at.getTime() / 1000) < first)).toEqual([])
    expect((await entriesOf(payer.id, 'subscription')).map(({ facts }) => facts)).toMatchObject([
      { step: 'ended', planName: 'VIP' },
      { step: 'plan_changed', planName: 'VIP', formerPlanName: 'Pro' },
      { step: 'started', planName: 'Pro', priceCents: 1_900 },
    ])
    // Each payment names what was bought then.
    expect((await entriesOf(payer.id, 'payment')).map(({ facts }) => 'planName' in facts && facts.planName)).toEqual([
      ...['VIP', 'Pro'],
    ])
    expect(payments.map(({ plan }) => plan)).toEqual([
      ...[
        { code: 'vip', name: 'VIP' },
        { code: 'pro', name: 'Pro' },
      ],
    ])
    expect(await entriesOf(payer.id, 'refund')).toMatchObject([
      { facts: { amountCents: 100, currency: 'usd', isFull: false }, target: { type: 'payment', id: oldest?.id } },
    ])
    expect(await entriesOf(payer.id, 'audit')).toMatchObject([
      { facts: { action: 'subscription.cancel', actor: { id: admin.id, email: admin.email } } },
    ])
    const ids = items.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    // A personal account has its user's id: both mean the same person.
    expect((await read({ accountId: payer.id })).items.map(({ id }) => id)).toEqual(ids)
    expect(JSON.stringify(items)).not.toMatch(/argon2|"payload"/)
  })

  test('shows invitations and memberships to the person, and to the organization, each once', async () => {
    const owner = await aMember(app)
    const guest = await aMember(app)
    const team = await anOrganization(app, owner)
    const token = await anInvitation(owner, team, guest.email, 'member')
    await guest.api.accounts.invitations.accept.mutate({ token })
    await owner.api.accounts.members.setRole.mutate({ accountId: team.id, userId: guest.id, role: 'admin' })
    await owner.api.accounts.members.remove.mutate({ accountId: team.id, userId: guest.id })
    await aMailTo(guest.email, /no longer a member/)

    const account = { id: team.id, name: team.name }
    const steps = async (input: object) =>
      (await read({ kinds: ['invitation', 'membership', 'sign_up'], ...input })).items.map(({ kind, facts }) =>
        'step' in facts ? `${kind} ${facts.step}` : kind,
      )
    expect(await steps({ userId: guest.id })).toEqual([
      ...['membership removed', 'membership role_changed', 'invitation accepted', 'invitation received', 'sign_up'],
    ])
    expect(await steps({ userId: owner.id })).toEqual([
      ...['membership removed', 'membership role_changed', 'invitation sent', 'membership created', 'sign_up'],
    ])
    expect(await steps({ accountId: team.id })).toEqual([
      ...['membership removed', 'membership role_changed', 'invitation accepted', 'invitation sent'],
      ...['membership created', 'sign_up'],
    ])
    const [removed] = await entriesOf(guest.id, 'membership')
    expect(removed).toMatchObject({
      ...{
        facts: { account, member: { id: guest.id }, actor: { id: owner.id } },
        target: { type: 'account', id: team.id },
      },
    })
    const mails = (await read({ accountId: team.id, kinds: ['mail'] })).items
    expect(mails.map(({ facts }) => ('template' in facts ? facts.template : ''))).toContain('invitation-accepted')
  })

  test('keeps mails and invitations with the person, and shows none to the next owner of their address', async () => {
    const { em } = app.scope()
    const owner = await aMember(app)
    const person = await aMember(app)
    await anInvitation(owner, await anOrganization(app, owner), person.email)
    await app.client().api.auth.forgotPassword.mutate({ email: person.email })
    await aMailTo(person.email, /new password/)
    // As an older version has left it.
    await em.execute(`update mails set user_id = null where recipient = ? and template = 'reset-password'`, [
      person.email,
    ])

    const email = `moved-${person.email}`
    await person.api.auth.requestEmailChange.mutate({ email, password: person.password })
    await person.api.auth.confirmEmailChange.mutate({ token: tokenIn(await aMailTo(email, /confirm your new/)) })
    await aMailTo(person.email, /was changed/)
    const next = await aMember(app, { email: person.email })

    const seen = async ({ id }: TestUser) =>
      (await entriesOf(id, 'mail', 'invitation'))
        .map(({ kind, facts }) => ('template' in facts ? facts.template : kind))
        .toSorted()
    expect(await seen(next)).toEqual([])
    expect(await seen(person)).toEqual([
      ...['confirm-email', 'email-change-requested', 'email-changed', 'invitation', 'invitation', 'reset-password'],
    ])
    const recent = async ({ id }: TestUser) => (await api.admin.users.get.query({ id })).mails.recent
    expect(await recent(next)).toEqual([])
    const [latest] = await recent(person)
    expect(await api.admin.mails.get.query({ id: latest?.id ?? '' })).toMatchObject({
      ...{ template: 'email-changed', email: person.email, userId: person.id, notResendable: 'address-gone' },
    })
  })

  test('has what an admin did to a person, and what an admin did, each once even if both are the same person', async () => {
    const { id } = await app.aUser({ isVerified: false })
    await api.admin.users.update.mutate({ id, isVerified: true })
    const [entry] = await entriesOf(id, 'audit')
    expect(entry).toMatchObject({
      facts: { action: 'user.update', actor: { id: admin.id } },
      target: { type: 'user', id },
    })
    const [own] = await entriesOf(admin.id, 'audit')
    expect(own?.id).toBe(entry?.id)
    await app.scope().em.execute(
      `insert into audit_entries (id, actor_id, action, target_type, target_id, created_at)
       values (gen_random_uuid(), ?, 'user.test', 'user', ?, now())`,
      [id, id],
    )
    expect((await entriesOf(id, 'audit')).map(({ facts }) => 'action' in facts && facts.action)).toEqual([
      ...['user.test', 'user.update'],
    ])
  })

  describe('of a person with many entries of the same moments', () => {
    let crowded: PayingUser
    let everything: string[]
    beforeAll(async () => {
      crowded = await aPayingUser(app, 'pro')
      await crowd(app, crowded, admin)
      everything = (await read({ userId: crowded.id })).items.map(({ id }) => id)
      expect(everything.length).toBeGreaterThan(60)
      expect(everything.length).toBeLessThan(100)
    })

    test.each([1, 2, 3, 7, 50])('is the same in pages of %i, while newer entries are added', async (limit) => {
      const shown = await allPages(
        (cursor) => api.admin.timeline.query({ userId: crowded.id, limit, cursor }),
        async () => void (limit > 5 && (await app.as(crowded))), // a login
      )
      expect(shown.map(({ id }) => id)).toEqual(everything)
      const moments = shown.map(({ at }) => at.getTime())
      expect(moments).toEqual(moments.toSorted((one, other) => other - one))
      everything = (await read({ userId: crowded.id })).items.map(({ id }) => id)
    })

    test.each([
      [['login', 'mail']],
      [['audit', 'payment']],
      [['membership']],
      [['invitation', 'webhook_event', 'subscription']],
    ] as Kind[][][])('shows only the kinds %j, in pages, too', async (kinds) => {
      const wanted = (await read({ userId: crowded.id })).items.filter(({ kind }) => kinds.includes(kind))
      const shown = await allPages((cursor) =>
        api.admin.timeline.query({ userId: crowded.id, limit: 2, cursor, kinds }),
      )
      expect(shown).toEqual(wanted)
      expect(shown.length).toBeGreaterThan(0)
    })
  })

  test('refuses unknown people and accounts, both at once, and cursors that it did not issue', async () => {
    expect(await reasonOf(read({ userId: UNKNOWN_ID }))).toBe('USER_NOT_FOUND')
    expect(await reasonOf(read({ accountId: UNKNOWN_ID }))).toBe('ACCOUNT_NOT_FOUND')
    const team = await anOrganization(app, await aMember(app))
    expect(await reasonOf(read({ userId: team.id }))).toBe('USER_NOT_FOUND')
    const { id } = await app.aUser()
    for (const input of [{}, { userId: id, accountId: id }, { userId: id, kinds: [] }, { userId: id, kinds: ['all'] }])
      expect(await reasonOf(read(input))).toBe('INVALID_INPUT')
    const made = (text: string) => Buffer.from(text).toString('base64url')
    for (const cursor of [
      'x',
      made(`2026-01-01T00:00:00.000000Z 1 ${id}'`),
      made(`2026-13-01T00:00:00.000000Z 1 ${id}`),
    ])
      expect([cursor, await reasonOf(read({ userId: id, cursor }))]).toEqual([cursor, 'INVALID_INPUT'])
  })
})

/** Adds rows of every source at only three moments, some with microseconds. */
async function crowd(app: TestApp, user: PayingUser, admin: TestUser): Promise<void> {
  const { em } = app.scope()
  const moments = `(array['2026-01-05T10:00:00.123456Z', '2026-01-05T10:00:00.123Z', '2026-01-05T10:00:00Z']::timestamptz[])[1 + n % 3]`
  const owner = await aMember(app)
  const team = await anOrganization(app, owner)
  await addMember(app, team.id, user, 'member')
  await em.execute(
    `insert into sessions (id, user_id, ip, user_agent, created_at, expires_at)
     select gen_random_uuid(), ?, '::1', 'test', ${moments}, now() + interval '1 day' from generate_series(1, 9) n`,
    [user.id],
  )
  await em.execute(
    `insert into mails (id, fact, template, recipient, created_at)
     select gen_random_uuid(), 'crowd:' || n, 'login-code', ?, ${moments} from generate_series(1, 9) n`,
    [user.email],
  )
  await em.execute(
    `insert into payments (id, account_id, provider, provider_invoice_id, amount, refunded, currency, status, created_at, updated_at)
     select gen_random_uuid(), ?, 'stripe', 'in_crowd' || n, 100, 0, 'usd', 'failed', ${moments}, now() from generate_series(1, 9) n`,
    [user.id],
  )
  await em.execute(
    `insert into refunds (id, payment_id, amount, is_full, status, created_at)
     select gen_random_uuid(), id, 1, false, 'done', created_at from payments where account_id = ? and status = 'failed'`,
    [user.id],
  )
  await em.execute(
    `insert into provider_events (id, provider, provider_event_id, type, status, occurred_at, payload, received_at)
     select gen_random_uuid(), 'stripe', 'evt_crowd' || n, 'invoice.paid', 'processed', now(),
       jsonb_build_object('data', jsonb_build_object('object', jsonb_build_object('customer', ?::text))), ${moments}
     from generate_series(1, 9) n`,
    [user.stripeCustomerId],
  )
  await em.execute(
    `insert into audit_entries (id, actor_id, action, target_type, target_id, after, created_at)
     select gen_random_uuid(), case when n % 2 = 0 then ?::uuid else ?::uuid end, action, type,
       case action when 'member.set_role' then ? else ? end, jsonb_build_object('userId', ?::text, 'role', 'admin'), ${moments}
     from generate_series(1, 4) n,
       (values ('user.update', 'user'), ('member.set_role', 'account'), ('account.rename', 'account'), ('user.other', 'user')) acts (action, type)`,
    [user.id, admin.id, team.id, user.id, user.id],
  )
}
