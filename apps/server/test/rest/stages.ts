import { aMailTo, codeIn, tokenIn } from '../inbox.ts'
import type { Caller } from '../openapi.ts'
import { addMember, aMember, anInvitation, anOrganization } from '../organizations.ts'
import { aPayingUser } from '../purchases.ts'
import { aServiceKey, aUsageReservation } from '../service-keys.ts'
import type { TestApp, TestUser } from '../test-app.ts'

/** Who calls an operation, and with what. */
export interface Stage {
  caller: Caller
  /** Values that replace those of the documented example, because they must be real. */
  own?: Record<string, string>
}

/** How to call each operation of users and of programs, by its id. Later ones go on where earlier ones have ended. */
export const stages: Record<string, (app: TestApp) => Promise<Stage>> = {
  openVerifyPage: async () => ({ caller: {} }),
  authRegister: async () => ({ caller: {}, own: { email: 'openapi.register@example.com' } }),
  authMe: aUser,
  authRequestEmailVerification: async (app) => asUser(app, await app.aUser({ isVerified: false })),
  async authVerifyEmail(app) {
    const user = await app.aUser({ isVerified: false })
    await (await app.as(user)).api.auth.requestEmailVerification.mutate()
    return { caller: {}, own: { token: tokenIn(await aMailTo(user.email, /verify/i)) } }
  },
  authDeactivate: aUser,
  authLogin: async (app) => ({ caller: {}, own: { email: (await app.aUser()).email } }),
  authRequestLoginCode: async (app) => ({ caller: {}, own: { email: (await app.aUser()).email } }),
  async authLoginWithCode(app) {
    const { email } = await app.aUser()
    await app.client().api.auth.requestLoginCode.mutate({ email })
    return { caller: {}, own: { email, code: codeIn(await aMailTo(email, /code/i)) } }
  },
  authRefresh: aCookie,
  authLogout: aCookie,
  authForgotPassword: async (app) => ({ caller: {}, own: { email: (await app.aUser()).email } }),
  async authResetPassword(app) {
    const { email } = await app.aUser()
    await app.client().api.auth.forgotPassword.mutate({ email })
    return { caller: {}, own: { token: tokenIn(await aMailTo(email, /password/i)) } }
  },
  authChangePassword: aUser,
  profileGet: aUser,
  profileUpdate: aUser,
  accountsList: aUser,
  accountsCreate: aUser,
  accountsGet: aTeam,
  accountsUpdate: aTeam,
  accountsDelete: aTeam,
  accountsLeave: async (app) => aTeam(app, 'member'),
  accountsMembersList: aTeam,
  accountsMembersSetRole: aTeam,
  accountsMembersRemove: aTeam,
  accountsInvitationsList: aTeam,
  accountsInvitationsCreate: aTeam,
  accountsInvitationsRevoke: aTeam,
  accountsInvitationsResend: aTeam,
  accountsInvitationsGet: anInvited,
  accountsInvitationsAccept: anInvited,
  billingPlansList: async () => ({ caller: {} }),
  billingPlansCreate: anAdmin,
  billingPlansGet: async (app) => ({ caller: {}, own: { id: await planId(app, 'vip') } }),
  billingPlansUpdate: async (app) => ({ ...(await anAdmin(app)), own: { id: await planId(app, 'team') } }),
  billingPlansDelete: async (app) => ({ ...(await anAdmin(app)), own: { id: await planId(app, 'team') } }),
  billingSubscriptionsCurrent: aPayer,
  billingSubscriptionsSubscribe: aUser,
  billingSubscriptionsUpgrade: aPayer,
  billingSubscriptionsChange: aPayer,
  billingSubscriptionsCancel: aPayer,
  billingSubscriptionsResume: aPayer,
  billingPaymentsList: aPayer,
  billingEntitlements: aPayer,
  serviceAccountsEntitlements: aService,
  serviceUsageConsume: aReservation,
  serviceUsageSettle: aReservation,
  serviceUsageGiveBack: aReservation,
  serviceAccountsGet: aService,
  serviceUsersGet: aService,
}

async function asUser(app: TestApp, user: TestUser): Promise<Stage> {
  return { caller: { token: (await app.as(user)).session.current?.accessToken ?? '' } }
}

async function aUser(app: TestApp): Promise<Stage> {
  return asUser(app, await app.aUser())
}

async function anAdmin(app: TestApp): Promise<Stage> {
  return asUser(app, await app.aUser({ isAdmin: true }))
}

const payers = new WeakMap<TestApp, Promise<Stage>>()

/** The same paying user each time. */
function aPayer(app: TestApp): Promise<Stage> {
  const payer = payers.get(app) ?? aPayingUser(app, 'pro').then((user) => asUser(app, user))
  payers.set(app, payer)
  return payer
}

/** An owner or a member of an organization, with a member and an open invitation. */
async function aTeam(app: TestApp, as: 'owner' | 'member' = 'owner'): Promise<Stage> {
  const [owner, member] = [await aMember(app), await aMember(app)]
  const { id: accountId } = await anOrganization(app, owner)
  await addMember(app, accountId, member, 'member')
  const { invitation } = await owner.api.accounts.invitations.create.mutate({
    ...{ accountId, email: `openapi-${member.username}@example.com`, role: 'member' },
  })
  const { caller } = await asUser(app, as === 'member' ? member : owner)
  return { caller, own: { accountId, userId: member.id, invitationId: invitation.id } }
}

async function anInvited(app: TestApp): Promise<Stage> {
  const [owner, guest] = [await aMember(app), await app.aUser()]
  const token = await anInvitation(owner, await anOrganization(app, owner), guest.email)
  return { ...(await asUser(app, guest)), own: { token } }
}

/** Another program, and the id of a user and of their personal account. */
async function aService(app: TestApp): Promise<Stage> {
  return { caller: { token: await aServiceKey(app) }, own: { id: (await app.aUser()).id } }
}

/** Another program that has reserved something for an account. */
async function aReservation(app: TestApp): Promise<Stage> {
  const { caller, own: { id = '' } = {} } = await aService(app)
  return { caller, own: { id, reservation: await aUsageReservation(app, id) } }
}

async function aCookie(app: TestApp): Promise<Stage> {
  const { email, password } = await app.aUser()
  const response = await fetch(`${app.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  return { caller: { cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' } }
}

async function planId(app: TestApp, code: string): Promise<string> {
  const [plan] = await app.scope().em.execute<{ id: string }[]>('select id from plans where code = ?', [code])
  return plan?.id ?? ''
}
