import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstOf } from '../../test/long.ts'
import { operationsOf, readDocument, responseOf, schemaChecker, send, type Caller } from '../../test/openapi.ts'
import { aPlan } from '../../test/plans.ts'
import { reasonOf } from '../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../test/test-app.ts'
import type { OpenApiDocument } from './openapi-types.ts'

let app: TestApp
let document: OpenApiDocument
let check: ReturnType<typeof schemaChecker>
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  document = await readDocument(app)
  check = schemaChecker(document)
})
afterAll(() => app[Symbol.asyncDispose]())

test('a person signs up, logs in, refreshes the session, and logs out', async () => {
  const account = { email: 'ada.rest@example.com', username: 'ada', password: 'correct horse battery' }
  const registered = await send(app, 'POST', '/register', {}, account)
  expect([registered.status, await registered.json()]).toMatchObject([201, { user: { isVerified: false } }])

  const loggedIn = await send(app, 'POST', '/login', {}, account)
  const { accessToken: token } = (await loggedIn.json()) as { accessToken: string }
  const [cookie = ''] = loggedIn.headers.getSetCookie()
  expect(cookie).toMatch(/^refresh_token=.*HttpOnly/)
  const me = await send(app, 'GET', '/me', { token })
  expect(await me.json()).toMatchObject({ username: 'ada', createdAt: expect.stringMatching(/^\d{4}-.*Z$/) })

  expect((await send(app, 'POST', '/refresh-token', { cookie })).status).toBe(200)
  const out = await send(app, 'POST', '/logout', { cookie })
  expect([out.status, await out.json()]).toEqual([200, {}])
  expect(out.headers.getSetCookie()).toEqual([expect.stringMatching(/^refresh_token=;.*Max-Age=0/)])
  expect((await send(app, 'GET', '/me', { token })).status).toBe(401)
})

test('an emailed link redirects to the web page, and to no other host', async () => {
  const response = await send(app, 'GET', '/verify?token=a.b%26c')
  expect([response.status, response.headers.get('location')]).toEqual([
    303,
    'http://console.test/verify-email?token=a.b%26c',
  ])
  const odd = await send(app, 'GET', '/verify?token=//evil.example&token=x')
  expect(odd.headers.get('location')).toBe('http://console.test/verify-email')
})

describe('the REST API refuses, as documented,', () => {
  const NOBODY = async (): Promise<Caller> => ({})
  const USER = async () => asUser(await app.aUser())
  const UNVERIFIED = async () => asUser(await app.aUser({ isVerified: false }))
  const ADMIN = async () => asUser(await app.aUser({ isAdmin: true }))
  const LOGIN = { email: 'nobody@example.com', password: 'wrong password' }
  const TEXT = async () => ({ ...(await USER()), headers: { 'content-type': 'text/plain' } })
  const ID = '0198c5f2-70aa-7b10-8c55-1d2e3f405162'
  const UNKNOWN = `/billing/plans/${ID}`
  const CARD = '/billing/cards/1'
  const json = (type: string) => async () => ({ headers: { 'content-type': type } })
  const cases: [
    string,
    () => Promise<Caller>,
    method: string,
    path: string,
    body: unknown,
    status: number,
    reason: string,
  ][] = [
    ['a call without a token', NOBODY, 'GET', '/me', undefined, 401, 'INVALID_TOKEN'],
    ['a broken body without a token', NOBODY, 'POST', '/change-password', '{', 401, 'INVALID_TOKEN'],
    ['a wrong password', NOBODY, 'POST', '/login', LOGIN, 401, 'INVALID_CREDENTIALS'],
    ['a refresh without its cookie', NOBODY, 'POST', '/refresh-token', undefined, 401, 'REFRESH_TOKEN_MISSING'],
    [
      'a caller whose address is not verified',
      UNVERIFIED,
      'GET',
      '/billing/payments/me',
      undefined,
      403,
      'EMAIL_NOT_VERIFIED',
    ],
    ['a caller who is no administrator', USER, 'DELETE', UNKNOWN, undefined, 403, 'ADMIN_ONLY'],
    ['a caller without a subscription', USER, 'GET', '/billing/subscriptions/me', undefined, 404, 'NO_SUBSCRIPTION'],
    ['an unknown plan', NOBODY, 'GET', UNKNOWN, undefined, 404, 'PLAN_NOT_FOUND'],
    ['an invalid id', ADMIN, 'PATCH', '/billing/plans/1', {}, 400, 'INVALID_INPUT'],
    ['a limit that is not a number', USER, 'GET', '/billing/payments/me?limit=many', undefined, 400, 'INVALID_INPUT'],
    ['a limit that is too high', USER, 'GET', '/billing/payments/me?limit=101', undefined, 400, 'INVALID_INPUT'],
    ['a cursor given twice', USER, 'GET', '/billing/payments/me?cursor=a&cursor=b', undefined, 400, 'INVALID_INPUT'],
    [
      'an invalid date',
      USER,
      'POST',
      '/billing/subscriptions/change',
      { planCode: 'pro', prorationDate: 'soon' },
      400,
      'INVALID_INPUT',
    ],
    [
      'an account in the query of a call that has a body',
      USER,
      'POST',
      `/billing/subscriptions/subscribe?accountId=${ID}`,
      { planCode: 'pro' },
      400,
      'INVALID_INPUT',
    ],
    ['an account in the body of a call that has none', USER, 'DELETE', CARD, { accountId: ID }, 400, 'INVALID_INPUT'],
    ['a text as the body of a call that has none', TEXT, 'DELETE', CARD, 'x', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an account in brackets', USER, 'GET', `/billing/entitlement?accountId[]=${ID}`, undefined, 400, 'INVALID_INPUT'],
    ['two accounts', USER, 'GET', `/billing/entitlement?accountId=${ID}&accountId=1`, undefined, 400, 'INVALID_INPUT'],
    ['a body that is not JSON', NOBODY, 'POST', '/login', '{"email":', 400, 'INVALID_INPUT'],
    ['a body that is a list', NOBODY, 'POST', '/login', [], 400, 'INVALID_INPUT'],
    ['a missing body', NOBODY, 'POST', '/login', undefined, 400, 'INVALID_INPUT'],
    [
      'a body that is too large',
      NOBODY,
      'POST',
      '/login',
      { ...LOGIN, more: 'x'.repeat(100_000) },
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['a form', json('application/x-www-form-urlencoded'), 'POST', '/login', 'email=a', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'an unknown encoding',
      json('application/json; charset=latin1'),
      'POST',
      '/login',
      '{}',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ]
  test.each(cases)('%s', async (_what, caller, method, path, body, status, reason) => {
    const response = await send(app, method, path, await caller(), body)
    const answer = (await response.json()) as { error: { reason: string } }
    expect([response.status, answer.error.reason]).toEqual([status, reason])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null)
    const documented = operationsOf(document).find(
      (known) =>
        known.method === method &&
        new RegExp(`^${known.path.replace(/\{\w+\}/, '[^/]+')}$`).test(path.split('?')[0] ?? ''),
    )
    if (!documented) throw new Error(`The document has no ${method} ${path}.`)
    const { content } = responseOf(document, documented.operation, status)
    expect(check(content?.['application/json'].schema ?? {}, answer)).toBeNull()
  })

  test('invalid fields, and names each of them', async () => {
    const response = await send(app, 'POST', '/register', {}, { email: 'x', username: 'y', password: 5 })
    expect(await response.json()).toMatchObject({
      error: {
        fieldErrors: { email: 'must be an email address', username: expect.any(String), password: expect.any(String) },
      },
    })
  })

  test('an address that is taken', async () => {
    const { email } = await app.aUser()
    const again = await send(
      app,
      'POST',
      '/register',
      {},
      { email, username: 'someone', password: 'correct horse battery' },
    )
    expect([again.status, await again.json()]).toMatchObject([
      409,
      { error: { code: 'CONFLICT', reason: 'EMAIL_TAKEN' } },
    ])
  })

  test('unknown addresses and methods', async () => {
    const nowhere = await send(app, 'GET', '/nowhere')
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { error: { reason: 'NOT_FOUND' } }])
    for (const [path, allow] of [
      ['/profile', 'GET, HEAD, PATCH'],
      ['/verify', 'GET, HEAD, POST'],
      ['/sessions/revoke-others', 'POST'],
      ['/sessions/1', 'DELETE'],
      ['/billing/cards/sync', 'POST'],
      ['/billing/plans/1', 'GET, HEAD, PATCH, DELETE'],
      ['/docs', 'GET, HEAD'],
      ['/', 'GET, HEAD'],
    ] as const) {
      const response = await send(app, 'PUT', path, {}, {})
      expect([response.status, response.headers.get('allow')?.split(', ').toSorted()]).toEqual([
        405,
        allow.split(', ').toSorted(),
      ])
      expect(await response.json()).toMatchObject({ error: { reason: 'METHOD_NOT_ALLOWED' } })
    }
  })

  test('pages of unlisted origins wherever the cookie is used or set', async () => {
    for (const path of ['/login', '/login/code', '/refresh-token', '/restore-session', '/logout']) {
      for (const origin of ['https://evil.example', 'null']) {
        const response = await send(app, 'POST', path, { headers: { origin } }, LOGIN)
        expect([path, response.status, await response.json()]).toMatchObject([
          path,
          403,
          { error: { reason: 'ORIGIN_NOT_ALLOWED' } },
        ])
      }
      const own = await send(app, 'POST', path, { headers: { origin: 'http://console.test' } }, LOGIN)
      expect([path, own.status]).not.toEqual([path, 403])
    }
  })
})

test('only the method of the request counts, and no page of another origin may read an answer', async () => {
  const caller = await asUser(await app.aUser())
  const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' }
  const statuses = [
    await send(app, 'POST', '/identities/google?_method=DELETE', { ...caller, headers }, { _method: 'DELETE' }),
    await send(app, 'GET', '/billing/plans/1?_method=DELETE', { ...caller, headers }),
    await send(app, 'GET', '/logout', caller),
    await send(app, 'HEAD', '/sessions/revoke-others', caller),
    await send(app, 'GET', '/billing/portal', caller),
  ].map(({ status }) => status)
  expect(statuses).toEqual([502, 400, 405, 405, 405]) // 502: to link Google, which is not set up
  expect((await send(app, 'GET', '/me', caller)).status).toBe(200)

  for (const [origin, allowed] of [
    ['https://evil.example', null],
    ['http://console.test', 'http://console.test'],
  ] as const) {
    const asked = {
      origin,
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'authorization',
    }
    const preflight = await send(app, 'OPTIONS', '/sessions/1', { headers: asked })
    const answer = await send(app, 'GET', '/sessions', { ...caller, headers: { origin } })
    for (const { headers: sent } of [preflight, answer]) expect(sent.get('access-control-allow-origin')).toBe(allowed)
  }
})

test('bad input never causes a server error', async () => {
  const plan = await aPlan(app, { code: 'odd' })
  const caller = await asUser(await app.aUser({ isAdmin: true }))
  const odd = firstOf<unknown>(4, [null, '\u0000', '\ud800', { toString: 1 }, 5, '', 'x'.repeat(5_000), []])
  const faults: string[] = []
  for (const { method, path, operation } of operationsOf(document)) {
    const fields = Object.keys(operation.requestBody?.content['application/json'].example ?? {})
    if (fields.length === 0) continue
    const example = operation.requestBody?.content['application/json'].example as object
    const bodies = [
      ...['nothing', '[', '"text"', 'null', '{"__proto__":{"email":1}}', '['.repeat(10_000)],
      ...fields.flatMap((field) => odd.map((value) => ({ ...example, email: 'odd@example.com', [field]: value }))),
    ]
    for (const body of bodies) {
      const { status } = await send(app, method, path.replace('{id}', plan.id), caller, body)
      if (status >= 500) faults.push(`${method} ${path} ${JSON.stringify(body).slice(0, 100)}: ${status}`)
    }
  }
  for (const path of [
    '/billing/plans/%E0%A4%A',
    '/billing/plans/%00',
    '/billing/payments/me?cursor=%00&limit=1e3',
    '/verify?token=%ff',
  ]) {
    const { status } = await send(app, 'GET', path, caller)
    if (status >= 500) faults.push(`${path}: ${status}`)
  }
  expect(faults).toEqual([])
}, 90_000)

describe('the rate limits of REST', () => {
  test('are shared with the typed API', async () => {
    await using limited = await createTestApp(
      { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_READS: '3/1m' },
      { worker: false },
    )
    const call = (n: number) => limited.client().api.auth.forgotPassword.mutate({ email: `n${n}@example.com` })
    for (let n = 0; n < 3; n++) expect(await reasonOf(call(n))).toBe('fine')
    const rest = () => send(limited, 'POST', '/forget-password', {}, { email: 'rest@example.com' })
    expect([(await rest()).status, (await rest()).status]).toEqual([200, 200])
    const refused = await rest()
    const answer = (await refused.json()) as { error: { reason: string; retryAfter: number } }
    expect([refused.status, answer.error.reason]).toEqual([429, 'RATE_LIMITED'])
    expect(refused.headers.get('retry-after')).toBe(String(answer.error.retryAfter))
    expect(check({ $ref: '#/components/schemas/Error' }, answer.error)).toBeNull()
    expect(await reasonOf(call(4))).toBe('RATE_LIMITED')

    for (let n = 0; n < 3; n++) expect((await send(limited, 'GET', '/billing/plans')).status).toBe(200)
    expect(await reasonOf(limited.client().api.billing.plans.list.query())).toBe('RATE_LIMITED')
  })
})

async function asUser(user: TestUser): Promise<Caller> {
  return { token: (await app.as(user)).session.current?.accessToken ?? '' }
}
