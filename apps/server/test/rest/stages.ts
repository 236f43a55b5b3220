import { issueOauthCode } from '../../src/auth/links/issue-oauth-code.ts'
import { hashOf } from '../../src/auth/links/oauth-secrets.ts'
import { aMailTo, codeIn, tokenIn } from '../inbox.ts'
import { anApp } from '../oauth.ts'
import { send } from '../openapi.ts'
import { aPayingUser } from '../purchases.ts'
import type { TestApp } from '../test-app.ts'
import {
  aCardHolder,
  aCookie,
  aCounter,
  aGoogleUser,
  anAdmin,
  anInvited,
  aPayer,
  aPayLink,
  aPayResult,
  aReservation,
  aService,
  asUser,
  aSwitcher,
  aTeam,
  aUser,
  planId,
  type Stage,
} from './callers.ts'

/** An app that keeps its refresh token itself. */
const BY_BODY = { headers: { 'x-tollgate-transport': 'body' } }

interface CardList {
  items: { id: string; isPrimary: boolean }[]
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
  authOauthUrl: async () => ({ caller: BY_BODY }),
  async authExchangeOAuthCode(app) {
    const user = await app.aUser()
    const code = await issueOauthCode(app.scope().em, app.clock, { userId: user.id, verifierHash: hashOf('mJ0r…') })
    return { caller: BY_BODY, own: { code } }
  },
  authRefresh: aCookie,
  authLogout: aCookie,
  authRestore: aCookie,
  authChangeUsername: aUser,
  authRequestEmailChange: aUser,
  async authConfirmEmailChange(app) {
    const user = await app.aUser()
    const [{ api }, email] = [await app.as(user), `new-${user.email}`]
    await api.auth.requestEmailChange.mutate({ email, password: user.password })
    return { ...(await asUser(app, user)), own: { token: tokenIn(await aMailTo(email, /confirm|address/i)) } }
  },
  sessionsList: aUser,
  async sessionsRevoke(app) {
    const { api, session } = await app.as(await app.aUser())
    const [own] = await api.sessions.list.query()
    return { caller: { token: session.current?.accessToken ?? '' }, own: { id: own?.id ?? '' } }
  },
  sessionsRevokeOthers: aUser,
  identitiesList: aGoogleUser,
  identitiesLink: aGoogleUser,
  identitiesUnlink: aGoogleUser,
  async identitiesLinkUrl(app) {
    const { email, password } = await app.aUser()
    const device = anApp(app)
    const { accessToken } = await device.start().api.auth.login.mutate({ email, password })
    const [refreshToken = ''] = device.stored.values()
    return { caller: { ...BY_BODY, token: accessToken }, own: { refreshToken } }
  },
  async identitiesExchangeLinkCode(app) {
    const { em } = app.scope()
    const user = await app.aUser()
    const { caller } = await asUser(app, user)
    const [session] = await em.execute<{ id: string }[]>('select id from sessions where user_id = ?', [user.id])
    const link = { sessionId: session?.id ?? '', provider: 'github', subject: user.id, email: user.email } as const
    const code = await issueOauthCode(em, app.clock, { userId: user.id, verifierHash: hashOf('mJ0r…'), link })
    return { caller: { ...BY_BODY, ...caller }, own: { code } }
  },
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
  billingSubscriptionsPreviewChange: aPayer,
  billingSubscriptionsNextPayment: aPayer,
  async billingSubscriptionsSync(app) {
    const user = await aPayingUser(app, 'pro', { wait: false })
    return { ...(await asUser(app, user)), own: { sessionId: user.sessionId } }
  },
  billingPaymentsExport: aPayer,
  billingPortal: aPayer,
  billingPaymentMethod: aPayer,
  billingDetailsGet: aPayer,
  billingDetailsUpdate: aPayer,
  billingPayResult: aPayResult,
  async billingPayLink(app) {
    const user = await aPayingUser(app, 'pro')
    return { caller: {}, own: { token: await aPayLink(app, user) } }
  },
  billingSubscriptionsSubscribe: aUser,
  billingSubscriptionsUpgrade: aPayer,
  billingSubscriptionsChange: aPayer,
  billingSubscriptionsCancel: aPayer,
  billingSubscriptionsResume: aPayer,
  billingPaymentsList: aPayer,
  billingEntitlement: aPayer,
  billingEntitlements: aPayer,
  billingTrial: aPayer,
  billingSubscriptionsUpcoming: aSwitcher,
  billingSubscriptionsCancelUpcoming: aSwitcher,
  billingSubscriptionsPreviewSwitch: aSwitcher,
  billingSubscriptionsSwitch: aSwitcher,
  billingCardsList: aCardHolder,
  billingCardsAdd: aCardHolder,
  billingCardsSync: aCardHolder,
  billingCardsMakePrimary: aCardHolder,
  async billingCardsRemove(app) {
    const { caller, own } = await aCardHolder(app)
    const cards = (await (await send(app, 'GET', '/billing/cards', caller)).json()) as CardList
    return { caller, own: { ...own, cardId: cards.items.find(({ isPrimary }) => !isPrimary)?.id ?? '' } }
  },
  serviceAccountsEntitlements: aService,
  serviceEventsList: async (app) => ({ caller: (await aService(app)).caller, own: { after: '0' } }),
  serviceUsageConsume: aCounter,
  serviceUsageSettle: aReservation,
  serviceUsageGiveBack: aReservation,
  serviceAccountsGet: aService,
  serviceAccountsMembers: aService,
  serviceAccountsData: aService,
  serviceAccountsChangeData: aService,
  serviceUsersData: aService,
  serviceUsersChangeData: aService,
  serviceUsersGet: aService,
  serviceUsersList: aService,
  serviceRevocations: aService,
  serviceIntrospect: async (app) => {
    const { caller } = await aService(app)
    return { caller, own: { token: (await aUser(app)).caller.token ?? '' } }
  },
}
