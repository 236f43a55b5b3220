import { aGrant, aPayingUser } from '../purchases.ts'
import type { TestApp } from '../test-app.ts'
import type { Known } from './inputs.ts'

/** Creates data for the requests to find: users, plans, a paid subscription, and a granted one. */
export async function furnish(app: TestApp): Promise<Known> {
  await app.startWorker()
  const payer = await aPayingUser(app, 'pro')
  await app.stopWorker()
  const guest = await app.aUser()
  await aGrant(app, guest, 'vip')
  const { accounts } = (await app.as(payer)).api
  const { id: accountId } = await accounts.create.mutate({ name: 'Team' })
  const invitations = await Promise.all(
    ([guest.email, 'someone.new@example.com'] as const).map((email) =>
      accounts.invitations.create.mutate({ accountId, email, role: 'member' }),
    ),
  )
  const tokens = invitations.map(({ invitation: { id, expiresAt } }) =>
    app.deps.auth.tokens.signInvitation({ invitationId: id, expiresAt }, app.clock.now()),
  )
  const { em } = app.scope()
  const idsOf = async (table: string) =>
    (await em.execute<{ id: string }[]>(`select id from ${table} order by id limit 5`)).map(({ id }) => id)
  const codes = (await em.execute<{ code: string }[]>('select code from plans order by code')).map(({ code }) => code)
  const users = [payer.id, guest.id]
  const things = {
    users,
    plans: await idsOf('plans'),
    subscriptions: await idsOf('subscriptions'),
    payments: await idsOf('payments'),
    webhookEvents: await idsOf('provider_events'),
    sessions: await idsOf('sessions'),
    invitations: await idsOf('invitations'),
    accounts: [accountId],
  }
  return {
    ...things,
    id: [...Object.values(things).flat(), '0198c5f2-70aa-7b10-8c55-1d2e3f405162'],
    userId: users,
    accountId: [accountId, ...users],
    invitationId: things.invitations,
    actorId: users,
    targetId: users,
    planCode: [...codes, 'nothing'],
    code: ['000000', 'team', ...codes],
    email: [payer.email, guest.email, 'nobody@example.com', 'someone.new@example.com'],
    username: ['someone', payer.username, 'x_y.z'],
    password: [payer.password, 'wrong password', 'another good passphrase'],
    oldPassword: [payer.password, 'wrong password'],
    newPassword: ['another good passphrase', payer.password],
    sessionId: [payer.sessionId, 'cs_test_none'],
    token: [...tokens, 'eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.c2ln', 'x'],
    cursor: ['x', 'eyJhIjoxfQ', 'AAAA'],
    search: ['user', '%', payer.email],
    currency: ['usd', 'eur', 'jpy', 'xxx'],
    name: ['Team', 'Ünï'],
    firstName: ['Ada'],
    lastName: ['Lovelace'],
    avatarUrl: ['https://example.com/a.png', 'http://example.com/a.png', 'data:image/png;base64,AAAA'],
    timeZone: ['Europe/Berlin', 'UTC', '+02:00', 'Nowhere/Else'],
    action: ['user.update', 'plan.create'],
    type: ['invoice.paid'],
  }
}
