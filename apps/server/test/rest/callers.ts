import { createPayLinks } from '../../src/billing/index.ts'
import type { Caller } from '../openapi.ts'
import { addMember, aMember, anInvitation, anOrganization } from '../organizations.ts'
import { aPaymobPayer, payAtPaymob } from '../paymob-purchases.ts'
import { aPayingUser } from '../purchases.ts'
import { aServiceKey, aUsageReservation } from '../service-keys.ts'
import { aSwitcherTo } from '../switches.ts'
import type { TestApp, TestUser } from '../test-app.ts'

/** A plan that the stages expect, sold through Paymob. */
export const PAYMOB_PLAN = 'pro-egp'

/** Who calls an operation, and with what. */
export interface Stage {
  caller: Caller
  /** Values that replace those of the documented example, because they must be real. */
  own?: Record<string, string>
}

export async function asUser(app: TestApp, user: TestUser): Promise<Stage> {
  return { caller: { token: (await app.as(user)).session.current?.accessToken ?? '' } }
}

export async function aUser(app: TestApp): Promise<Stage> {
  return asUser(app, await app.aUser())
}

export async function anAdmin(app: TestApp): Promise<Stage> {
  return asUser(app, await app.aUser({ isAdmin: true }))
}

export const aPayer = shared(async (app) => asUser(app, await aPayingUser(app, 'pro')))

/** A user who pays at Stripe, and has bought a plan of Paymob's that begins afterwards. */
export const aSwitcher = shared(async (app) => {
  const { user } = await aSwitcherTo(app, PAYMOB_PLAN)
  return { ...(await asUser(app, user)), own: { planCode: PAYMOB_PLAN } }
})

/** A user who pays at Paymob, with two cards and the page that the second came from. */
export const aCardHolder = shared(async (app) => {
  const user = await aPaymobPayer(app, PAYMOB_PLAN)
  const { cards } = (await app.as(user)).api.billing
  const { sessionId } = await cards.add.mutate()
  await payAtPaymob(app, sessionId, { card: '4111111111111111' })
  const { items } = await cards.sync.mutate({ sessionId })
  const spare = items.find(({ isPrimary }) => !isPrimary)
  await cards.makePrimary.mutate({ cardId: items[0]?.id ?? '' })
  return { ...(await asUser(app, user)), own: { sessionId, cardId: spare?.id ?? '' } }
})

/** Prepares a stage once for each app. */
function shared(prepare: (app: TestApp) => Promise<Stage>): (app: TestApp) => Promise<Stage> {
  const prepared = new WeakMap<TestApp, Promise<Stage>>()
  return (app) => {
    const stage = prepared.get(app) ?? prepare(app)
    prepared.set(app, stage)
    return stage
  }
}

export async function aGoogleUser(app: TestApp): Promise<Stage> {
  const user = await app.aUser()
  await app
    .scope()
    .em.execute(
      `insert into identities (id, user_id, provider, subject, linked_at) values (gen_random_uuid(), ?, 'google', ?, now())`,
      [user.id, user.id],
    )
  return asUser(app, user)
}

/** Pretends that the invoices of an account are overdue. @returns the id of a recovery. */
async function aRecovery(app: TestApp, accountId: string): Promise<string> {
  const [recovery] = await app.scope().em.execute<{ id: string }[]>(
    `insert into recoveries (id, account_id, subscription_id, provider, provider_invoice_id, amount, currency, since, action, created_at)
     select gen_random_uuid(), p.account_id, p.subscription_id, p.provider, p.provider_invoice_id, p.amount, p.currency, now(), 'pay', now()
     from payments p where p.account_id = ? returning id`,
    [accountId],
  )
  return recovery?.id ?? ''
}

/** The page of a card that was added for an invoice of an account. */
export async function aPayResult(app: TestApp): Promise<Stage> {
  const user = await aPaymobPayer(app, PAYMOB_PLAN)
  await aRecovery(app, user.id)
  const { sessionId } = await (await app.as(user)).api.billing.cards.add.mutate()
  await payAtPaymob(app, sessionId, { card: '4111111111111111' })
  return { caller: {}, own: { sessionId } }
}

/** The token of a link to an invoice of the user's. */
export async function aPayLink(app: TestApp, { id }: TestUser): Promise<string> {
  const link = await createPayLinks(app.deps.billing).payLinkFor(app.scope(), await aRecovery(app, id))
  return new URL(link?.text ?? '').searchParams.get('token') ?? ''
}

/** An owner or a member of an organization, with a member and an open invitation. */
export async function aTeam(app: TestApp, as: 'owner' | 'member' = 'owner'): Promise<Stage> {
  const [owner, member] = [await aMember(app), await aMember(app)]
  const { id: accountId } = await anOrganization(app, owner)
  await addMember(app, accountId, member, 'member')
  const { invitation } = await owner.api.accounts.invitations.create.mutate({
    ...{ accountId, email: `openapi-${member.username}@example.com`, role: 'member' },
  })
  const { caller } = await asUser(app, as === 'member' ? member : owner)
  return { caller, own: { accountId, userId: member.id, invitationId: invitation.id } }
}

export async function anInvited(app: TestApp): Promise<Stage> {
  const [owner, guest] = [await aMember(app), await app.aUser()]
  const token = await anInvitation(owner, await anOrganization(app, owner), guest.email)
  return { ...(await asUser(app, guest)), own: { token } }
}

/** Another program, and the id of a user and of their personal account. */
export async function aService(app: TestApp): Promise<Stage> {
  return { caller: { token: await aServiceKey(app) }, own: { id: (await app.aUser()).id } }
}

/** Another program that has reserved something for an account. */
export async function aReservation(app: TestApp): Promise<Stage> {
  const { caller, own: { id = '' } = {} } = await aService(app)
  return { caller, own: { id, reservation: await aUsageReservation(app, id) } }
}

/** Another program, and an account that may use some of a feature. */
export async function aCounter(app: TestApp): Promise<Stage> {
  const { caller, own: { id = '' } = {} } = await aReservation(app)
  return { caller, own: { id } }
}

export async function aCookie(app: TestApp): Promise<Stage> {
  const { email, password } = await app.aUser()
  const response = await fetch(`${app.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  return { caller: { cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' } }
}

export async function planId(app: TestApp, code: string): Promise<string> {
  const [plan] = await app.scope().em.execute<{ id: string }[]>('select id from plans where code = ?', [code])
  return plan?.id ?? ''
}
