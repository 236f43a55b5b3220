import { createTollgateServerClient } from '@tollgate/client'
import { describe, expect, test } from 'vitest'
import { mailsTo, until } from '../../../test/inbox.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { clientNetwork } from '../http/client-address.ts'

const limited = (env: Record<string, string> = {}, options = {}) =>
  createTestApp({ RATE_LIMIT_ENABLED: 'true', ...env }, options)

describe('rate limits', () => {
  test('count calls of a public mutation by address, whatever the headers say', async () => {
    await using app = await limited({}, { worker: false })
    const { accessToken = '' } = (await app.as(await app.aUser())).session.current ?? {}
    const answers: Response[] = []
    for (let n = 0; n < 7; n++) {
      answers.push(
        await post(
          app,
          'auth.forgotPassword',
          { email: `n${n}@example.com` },
          {
            'x-forwarded-for': `203.0.113.${n}`,
            authorization: n % 2 ? `Bearer ${accessToken}` : `Bearer made-up-${n}`,
          },
        ),
      )
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429])
    const last = answers.at(-1)
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0)
    const body = (await last?.json()) as { error: { json: { data: { retryAfter: number } } } }
    expect(body.error.json.data).toMatchObject({ code: 'TOO_MANY_REQUESTS', httpStatus: 429, reason: 'RATE_LIMITED' })
    expect(body.error.json.data.retryAfter).toBeGreaterThan(0)
    // Each procedure has its own count.
    expect((await post(app, 'auth.requestLoginCode', { email: 'n@example.com' })).status).toBe(200)
  })

  test('count the polling of a page that waits for a payment as reads', async () => {
    await using app = await limited({}, { worker: false })
    const { api } = await app.as(await app.aUser())
    const reasons: string[] = []
    for (let n = 0; n < 8; n++)
      reasons.push(await reasonOf(api.billing.subscriptions.sync.mutate({ sessionId: 'cs_test_1' })))
    expect(new Set(reasons)).toEqual(new Set(['SESSION_NOT_FOUND']))
  })

  test('count calls behind a trusted proxy by the address that it names', async () => {
    await using app = await limited({ TRUST_PROXY: '127.0.0.1' }, { worker: false })
    const from = (ip: string) =>
      post(app, 'auth.forgotPassword', { email: 'x@example.com' }, { 'x-forwarded-for': `9.9.9.9, ${ip}` })
    for (let n = 0; n < 5; n++) expect((await from('203.0.113.7')).status).toBe(200)
    expect((await from('203.0.113.7')).status).toBe(429)
    expect((await from('203.0.113.8')).status).toBe(200)
  })

  test.each([
    ['count the visitors of a trusted frontend’s server apart, whatever they write in front', '127.0.0.1', 5],
    ['count them together if the frontend’s server is not trusted', '192.0.2.1', 0],
  ])('%s', async (_what, trusted, left) => {
    await using app = await limited({ TRUST_PROXY: trusted }, { worker: false })
    const askAs = async (forwardedFor: string) => {
      const visitor = { forwardedFor, userAgent: 'A browser' }
      const { api } = createTollgateServerClient({ url: app.url, cookies: { header: null }, visitor })
      return reasonOf(api.auth.forgotPassword.mutate({ email: 'x@example.com' }))
    }
    for (let n = 0; n < 5; n++) await askAs(`198.51.100.${n}, 203.0.113.7`)
    expect(await askAs('198.51.100.99, 203.0.113.7')).toBe('RATE_LIMITED')
    const others = await Promise.all(Array.from({ length: 5 }, () => askAs('203.0.113.8')))
    expect(others.filter((reason) => reason === 'fine')).toHaveLength(left)
  })

  test('count each call of a batch', async () => {
    await using app = await limited({ MAX_BATCH: '20' }, { worker: false })
    const paths = Array.from({ length: 20 }, () => 'auth.login').join(',')
    const inputs = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [n, { json: { email: `n${n}@example.com`, password: 'wrong password' } }]),
    )
    const response = await fetch(`${app.url}/trpc/${paths}?batch=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(inputs),
    })
    const body = (await response.json()) as { error: { json: { data: { reason: string } } } }[]
    const reasons = body.map(({ error }) => error.json.data.reason)
    expect(reasons.filter((reason) => reason === 'INVALID_CREDENTIALS')).toHaveLength(5)
    expect(reasons.filter((reason) => reason === 'RATE_LIMITED')).toHaveLength(15)
  })

  test('refuse a batch that is too long before any of its calls runs', async () => {
    await using app = await limited({}, { worker: false })
    const paths = Array.from({ length: 11 }, () => 'auth.forgotPassword').join(',')
    const response = await fetch(`${app.url}/trpc/${paths}?batch=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ 0: { json: { email: 'x@example.com' } } }),
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('BATCH_TOO_LARGE')
    expect(await app.scope().em.execute('select 1 from rate_limits')).toEqual([])
  })

  test('count mutations of a user by user, and refreshes by session', async () => {
    await using app = await limited({ RATE_LIMIT_READS: '7/1m', SESSION_POLICY: 'multiple' }, { worker: false })
    const [one, two] = [await app.as(await app.aUser()), await app.as(await app.aUser())]
    for (let n = 0; n < 5; n++) await one.api.profile.update.mutate({})
    expect(await reasonOf(one.api.profile.update.mutate({}))).toBe('RATE_LIMITED')
    expect(await reasonOf(two.api.profile.update.mutate({}))).toBe('fine')
    for (let n = 0; n < 7; n++) await one.api.auth.refresh.mutate()
    expect(await reasonOf(one.api.auth.refresh.mutate())).toBe('RATE_LIMITED')
    expect(await reasonOf(two.api.auth.refresh.mutate())).toBe('fine')
    expect(await reasonOf(one.api.auth.logout.mutate())).toBe('fine')
  })

  test('count queries as well', async () => {
    await using app = await limited({ RATE_LIMIT_READS: '3/1m' }, { worker: false })
    const { api } = app.client()
    for (let n = 0; n < 3; n++) await api.billing.plans.list.query()
    expect(await reasonOf(api.billing.plans.list.query())).toBe('RATE_LIMITED')
  })
})

describe('the limit on guesses', () => {
  const generous = { RATE_LIMIT: '1000/1m' }

  test('allows 20 wrong passwords from all addresses together, for known and unknown accounts', async () => {
    await using app = await limited(generous, { worker: false })
    const user = await app.aUser()
    const guess = (email: string) => reasonOf(app.client().api.auth.login.mutate({ email, password: 'wrong password' }))
    for (const email of [user.email, 'unknown@example.com']) {
      const outcomes = await Promise.all(Array.from({ length: 25 }, () => guess(email)))
      expect(outcomes.filter((outcome) => outcome === 'INVALID_CREDENTIALS')).toHaveLength(20)
      expect(outcomes.filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(5)
    }
    expect(await reasonOf(app.as(user))).toBe('RATE_LIMITED')
    // Codes have their own count.
    expect(await reasonOf(app.client().api.auth.loginWithCode.mutate({ email: user.email, code: '123456' }))).toBe(
      'CODE_INVALID',
    )
  })

  test('does not count right passwords', async () => {
    await using app = await limited({ ...generous, SESSION_POLICY: 'multiple' }, { worker: false })
    const user = await app.aUser()
    for (let n = 0; n < 24; n++) expect(await reasonOf(app.as(user))).toBe('fine')
  })

  test('allows 20 wrong codes', async () => {
    await using app = await limited(generous, { worker: false })
    const guess = () =>
      reasonOf(app.client().api.auth.loginWithCode.mutate({ email: 'some@example.com', code: '123456' }))
    const outcomes = await Promise.all(Array.from({ length: 22 }, guess))
    expect(outcomes.filter((outcome) => outcome === 'RATE_LIMITED')).toHaveLength(2)
  })

  test('allows five mails of a kind to an account in an hour, and answers the same after that', async () => {
    await using app = await limited(generous)
    const user = await app.aUser()
    const { api } = app.client()
    for (let n = 0; n < 8; n++) expect(await api.auth.forgotPassword.mutate({ email: user.email })).toEqual({})
    await until('five mails', async () => (await mailsTo(user.email)).length >= 5)
    await api.auth.requestLoginCode.mutate({ email: user.email })
    await until('the code', async () => (await mailsTo(user.email)).some(({ subject }) => /code/.test(subject)))
    expect((await mailsTo(user.email)).filter(({ subject }) => /new password/.test(subject))).toHaveLength(5)
  })
})

describe('a rate limit', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['[2001:db8:1:2::1]:51234', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
    ['203.0.113.7:', 'unknown'],
    ['nonsense', 'unknown'],
  ])('counts a client at %s as %s', (ip, network) => {
    expect(clientNetwork(ip)).toBe(network)
  })
})

function post(app: TestApp, path: string, json: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${app.url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ json }),
  })
}
