import { createConfig, lintFromString } from '@redocly/openapi-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, codeIn, tokenIn } from '../../test/inbox.ts'
import {
  callAsDocumented,
  operationsOf,
  readDocument,
  responseOf,
  schemaChecker,
  type Caller,
} from '../../test/openapi.ts'
import { addMember, aMember, anInvitation, anOrganization } from '../../test/organizations.ts'
import { aPayingUser } from '../../test/purchases.ts'
import { aServiceKey, aUsageReservation } from '../../test/service-keys.ts'
import { createTestApp, type TestApp, type TestUser } from '../../test/test-app.ts'
import { seedPlans } from '../billing/plans/seed-plans.ts'
import { REQUEST_TIMEOUT } from '../platform/http/http-server.ts'
import type { OpenApiDocument } from './openapi-types.ts'

/** The operations of docs/contract/rest.md. */
const CONTRACT = `
  POST /register 201
  POST /login 200
  POST /refresh-token 200
  POST /logout 200
  POST /request/verify 200
  POST /verify 200
  GET /verify 303
  POST /forget-password 200
  POST /new-password 200
  POST /change-password 200
  POST /request/login-code 200
  POST /login/code 200
  POST /deactivate 200
  GET /me 200
  GET /accounts 200
  POST /accounts 201
  GET /accounts/{accountId} 200
  PATCH /accounts/{accountId} 200
  DELETE /accounts/{accountId} 204
  POST /accounts/{accountId}/leave 200
  GET /accounts/{accountId}/members 200
  PATCH /accounts/{accountId}/members/{userId} 200
  DELETE /accounts/{accountId}/members/{userId} 204
  GET /accounts/{accountId}/invitations 200
  POST /accounts/{accountId}/invitations 201
  DELETE /accounts/{accountId}/invitations/{invitationId} 204
  POST /accounts/{accountId}/invitations/{invitationId}/resend 200
  GET /invitations 200
  POST /invitations/accept 200
  GET /billing/plans 200
  POST /billing/plans 201
  GET /billing/plans/{id} 200
  PATCH /billing/plans/{id} 200
  DELETE /billing/plans/{id} 204
  GET /billing/subscriptions/me 200
  POST /billing/subscriptions/subscribe 200
  POST /billing/subscriptions/upgrade 200
  POST /billing/subscriptions/change 200
  POST /billing/subscriptions/cancel 200
  POST /billing/subscriptions/resume 200
  GET /billing/payments/me 200
  GET /billing/entitlements 200
  GET /profile 200
  PATCH /profile 200
  GET /v1/accounts/{id} 200
  GET /v1/accounts/{id}/entitlements 200
  POST /v1/accounts/{id}/usage 200
  PATCH /v1/accounts/{id}/usage/{reservation} 200
  DELETE /v1/accounts/{id}/usage/{reservation} 200
  GET /v1/users/{id} 200`

interface Stage {
  caller: Caller
  /** Values that replace those of the documented example, because they must be real. */
  own?: Record<string, string>
}

let app: TestApp
let document: OpenApiDocument
let check: ReturnType<typeof schemaChecker>
beforeAll(async () => {
  app = await createTestApp()
  await seedPlans(app.scope())
  document = await readDocument(app)
  check = schemaChecker(document)
})
afterAll(() => app[Symbol.asyncDispose]())

test('the document has every operation of the contract, with its status, and no other', () => {
  const described = operationsOf(document).map(({ method, path, operation }) => {
    const success = Object.keys(operation.responses).filter((status) => Number(status) < 400)
    return `${method} ${path} ${success.join(' ')}`
  })
  const contract = CONTRACT.trim()
    .split('\n')
    .map((line) => line.trim())
  expect(described.toSorted()).toEqual(contract.toSorted())
})

test('the document passes the recommended rules of Redocly', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    rules: { 'no-server-example.com': 'off' }, // a test's server runs on this machine
  })
  const problems = await lintFromString({ source: JSON.stringify(document), config })
  const found = problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)
  // A redirect has no 2xx response.
  const ofRedirect = /^operation-2xx-response #\/paths\/~1verify\/get/
  expect(found.filter((problem) => !ofRedirect.test(problem))).toEqual([])
})

test('every operation has the response to a request that takes too long to arrive', () => {
  const { httpStatus, ...error } = REQUEST_TIMEOUT
  const problems = operationsOf(document).map(({ operation }) => {
    const schema = responseOf(document, operation, httpStatus).content?.['application/json'].schema
    return schema ? check(schema, { error }) : 'missing'
  })
  expect(problems.filter((problem) => problem !== null)).toEqual([])
})

test('the redirect lists every status, and the document names a contact', () => {
  const { operation } = operationsOf(document).find(({ id }) => id === 'openVerifyPage') ?? {}
  expect(Object.keys(operation?.responses ?? {})).toEqual(['303', '408', '500'])
  expect(document.info.contact.url).toBe(app.deps.config.WEB_URL)
})

test('no pattern needs the flag u', () => {
  expect(JSON.stringify(document)).not.toMatch(/\\\\[pP]\{/)
})

test('every example matches its schema', () => {
  const misfits = operationsOf(document).flatMap(({ id, operation }) => {
    const bodies = [
      operation.requestBody?.content,
      ...Object.keys(operation.responses).map((status) => responseOf(document, operation, Number(status)).content),
    ]
    const examples = bodies.flatMap((content) => {
      const { schema, example, examples: named = {} } = content?.['application/json'] ?? { schema: undefined }
      const values = [...(example === undefined ? [] : [example]), ...Object.values(named).map(({ value }) => value)]
      return schema ? values.map((value) => ({ schema, value })) : []
    })
    const parameters = (operation.parameters ?? []).flatMap(({ schema, example }) =>
      example === undefined ? [] : [{ schema, value: example }],
    )
    return [...examples, ...parameters].flatMap(({ schema, value }) => {
      const wrong = check(schema, value)
      return wrong ? [`${id}: ${wrong}`] : []
    })
  })
  expect(misfits).toEqual([])
})

describe('a call with its documented example gets the documented answer:', () => {
  let payer: Stage
  const stages: Record<string, () => Promise<Stage>> = {
    openVerifyPage: async () => ({ caller: {} }),
    authRegister: async () => ({ caller: {}, own: { email: 'openapi.register@example.com' } }),
    authMe: aUser,
    authRequestEmailVerification: async () => asUser(await app.aUser({ isVerified: false })),
    async authVerifyEmail() {
      const user = await app.aUser({ isVerified: false })
      await (await app.as(user)).api.auth.requestEmailVerification.mutate()
      return { caller: {}, own: { token: tokenIn(await aMailTo(user.email, /verify/i)) } }
    },
    authDeactivate: aUser,
    authLogin: async () => ({ caller: {}, own: { email: (await app.aUser()).email } }),
    authRequestLoginCode: async () => ({ caller: {}, own: { email: (await app.aUser()).email } }),
    async authLoginWithCode() {
      const { email } = await app.aUser()
      await app.client().api.auth.requestLoginCode.mutate({ email })
      return { caller: {}, own: { email, code: codeIn(await aMailTo(email, /code/i)) } }
    },
    authRefresh: aCookie,
    authLogout: aCookie,
    authForgotPassword: async () => ({ caller: {}, own: { email: (await app.aUser()).email } }),
    async authResetPassword() {
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
    accountsLeave: async () => aTeam('member'),
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
    billingPlansGet: async () => ({ caller: {}, own: { id: await planId('vip') } }),
    billingPlansUpdate: async () => ({ ...(await anAdmin()), own: { id: await planId('team') } }),
    billingPlansDelete: async () => ({ ...(await anAdmin()), own: { id: await planId('team') } }),
    async billingSubscriptionsCurrent() {
      payer = await asUser(await aPayingUser(app, 'pro'))
      return payer
    },
    billingSubscriptionsSubscribe: aUser,
    billingSubscriptionsUpgrade: async () => payer,
    billingSubscriptionsChange: async () => payer,
    billingSubscriptionsCancel: async () => payer,
    billingSubscriptionsResume: async () => payer,
    billingPaymentsList: async () => payer,
    billingEntitlements: async () => payer,
    serviceAccountsEntitlements: aService,
    serviceUsageConsume: aReservation,
    serviceUsageSettle: aReservation,
    serviceUsageGiveBack: aReservation,
    serviceAccountsGet: aService,
    serviceUsersGet: aService,
  }

  test.each(Object.entries(stages))('%s', async (id, stage) => {
    const documented = operationsOf(document).find((operation) => operation.id === id)
    if (!documented) throw new Error(`The document has no ${id}.`)
    const { caller, own } = await stage()
    const response = await callAsDocumented(app, documented, caller, own)
    const text = await response.text()
    if (!response.ok && response.status !== 303) throw new Error(text)
    const { content } = responseOf(document, documented.operation, response.status)
    if (!content) expect(text.startsWith('{')).toBe(false)
    else expect(check(content['application/json'].schema, JSON.parse(text))).toBeNull()
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('every operation is called', () => {
    expect(Object.keys(stages).toSorted()).toEqual(
      operationsOf(document)
        .map(({ id }) => id)
        .toSorted(),
    )
  })
})

async function asUser(user: TestUser): Promise<Stage> {
  return { caller: { token: (await app.as(user)).session.current?.accessToken ?? '' } }
}

async function aUser(): Promise<Stage> {
  return asUser(await app.aUser())
}

async function anAdmin(): Promise<Stage> {
  return asUser(await app.aUser({ isAdmin: true }))
}

/** An owner or a member of an organization, with a member and an open invitation. */
async function aTeam(as: 'owner' | 'member' = 'owner'): Promise<Stage> {
  const [owner, member] = [await aMember(app), await aMember(app)]
  const { id: accountId } = await anOrganization(app, owner)
  await addMember(app, accountId, member, 'member')
  const { invitation } = await owner.api.accounts.invitations.create.mutate({
    ...{ accountId, email: `openapi-${member.username}@example.com`, role: 'member' },
  })
  const { caller } = await asUser(as === 'member' ? member : owner)
  return { caller, own: { accountId, userId: member.id, invitationId: invitation.id } }
}

async function anInvited(): Promise<Stage> {
  const [owner, guest] = [await aMember(app), await app.aUser()]
  const token = await anInvitation(owner, await anOrganization(app, owner), guest.email)
  return { ...(await asUser(guest)), own: { token } }
}

/** Another program, and the id of a user and of their personal account. */
async function aService(): Promise<Stage> {
  return { caller: { token: await aServiceKey(app) }, own: { id: (await app.aUser()).id } }
}

/** Another program that has reserved something for an account. */
async function aReservation(): Promise<Stage> {
  const { caller, own: { id = '' } = {} } = await aService()
  return { caller, own: { id, reservation: await aUsageReservation(app, id) } }
}

async function aCookie(): Promise<Stage> {
  const { email, password } = await app.aUser()
  const response = await fetch(`${app.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  return { caller: { cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' } }
}

async function planId(code: string): Promise<string> {
  const [plan] = await app.scope().em.execute<{ id: string }[]>('select id from plans where code = ?', [code])
  return plan?.id ?? ''
}
