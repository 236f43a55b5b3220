import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('logging in', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({}, { worker: false, strongHashes: true })))
  afterAll(() => app[Symbol.asyncDispose]())

  test('returns an access token, and sets the refresh token in an HttpOnly cookie', async () => {
    const user = await app.aUser()
    const begunAt = Date.now()
    const response = await post(`${app.url}/trpc/auth.login`, { email: user.email, password: user.password })
    const secondsTaken = Math.ceil((Date.now() - begunAt) / 1000)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const [cookie = ''] = response.headers.getSetCookie()
    expect(cookie).toMatch(/^refresh_token=[\w.-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
    const maxAge = Number(/Max-Age=(\d+)/.exec(cookie)?.[1])
    expect(maxAge).toBeLessThanOrEqual(604_800)
    expect(maxAge).toBeGreaterThanOrEqual(604_800 - secondsTaken)
    expect(JSON.stringify(await response.json())).not.toContain(/refresh_token=([\w.-]+)/.exec(cookie)?.[1])
  })

  test('gives the same answer for an unknown address and a wrong password', async () => {
    const user = await app.aUser()
    const { api } = app.client()
    const attempts = [
      { email: user.email, password: 'wrong password' },
      { email: 'nobody@example.com', password: 'wrong password' },
    ]
    const errors = await Promise.all(attempts.map((input) => api.auth.login.mutate(input).catch((error) => error)))
    expect(errors[0].data).toEqual({ code: 'UNAUTHORIZED', httpStatus: 401, reason: 'INVALID_CREDENTIALS' })
    expect(errors[1].data).toEqual(errors[0].data)
    expect(errors[1].message).toBe(errors[0].message)
  })

  test('reveals that an account is disabled only after the correct password', async () => {
    const user = await app.aUser()
    await app.scope().em.execute('update users set is_active = false where id = ?', [user.id])
    const { api } = app.client()
    const wrong = api.auth.login.mutate({ email: user.email, password: 'wrong password' })
    await expect(wrong).rejects.toMatchObject({ data: { reason: 'INVALID_CREDENTIALS' } })
    const right = api.auth.login.mutate({ email: user.email, password: user.password })
    await expect(right).rejects.toMatchObject({ data: { code: 'FORBIDDEN', reason: 'ACCOUNT_DISABLED' } })
  })

  test('under policy `single` ends the other sessions, including their access tokens', async () => {
    const user = await app.aUser()
    const first = await app.as(user)
    expect((await first.api.auth.me.query()).id).toBe(user.id)
    await app.as(user)
    await expect(first.api.auth.me.query()).rejects.toMatchObject({ data: { reason: 'INVALID_TOKEN' } })
  })

  test('under policy `single` leaves one open session after five simultaneous logins', async () => {
    const user = await app.aUser()
    await Promise.all([1, 2, 3, 4, 5].map(() => app.as(user)))
    const open = await app
      .scope()
      .em.execute('select 1 from sessions where user_id = ? and ended_at is null', [user.id])
    expect(open).toHaveLength(1)
  })

  test('is refused for a page whose origin is not allowed', async () => {
    const user = await app.aUser()
    const input = { email: user.email, password: user.password }
    const foreign = await post(`${app.url}/trpc/auth.login`, input, { origin: 'https://evil.example' })
    expect(foreign.status).toBe(403)
    expect(await foreign.json()).toMatchObject({ error: { json: { data: { reason: 'ORIGIN_NOT_ALLOWED' } } } })
    expect(foreign.headers.getSetCookie()).toEqual([])
    expect((await post(`${app.url}/trpc/auth.login`, input, { origin: 'null' })).status).toBe(403)
    expect((await post(`${app.url}/trpc/auth.login`, input, { origin: 'http://console.test' })).status).toBe(200)
    expect((await post(`${app.url}/trpc/auth.login`, input, { origin: app.url })).status).toBe(200)
  })
})

describe('a page on this machine', () => {
  const origins = ['http://localhost:5173', 'http://127.0.0.1:8080', 'http://[::1]:3001', 'http://localhost']

  test('may log in from any port in development', async () => {
    await using app = await createTestApp({ NODE_ENV: 'development' }, { worker: false })
    const { email, password } = await app.aUser()
    for (const origin of [...origins, 'http://console.test']) {
      const response = await post(`${app.url}/trpc/auth.login`, { email, password }, { origin })
      const allowed = response.headers.get('access-control-allow-origin')
      expect([origin, response.status, allowed]).toEqual([origin, 200, origin])
    }
    for (const origin of [
      'http://localhost.evil.example',
      'https://evil.example',
      'http://127.0.0.1.evil.example:80',
    ]) {
      const response = await post(`${app.url}/trpc/auth.login`, { email, password }, { origin })
      expect([origin, response.status]).toEqual([origin, 403])
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  test('needs to be listed elsewhere', async () => {
    await using app = await createTestApp({}, { worker: false })
    const { email, password } = await app.aUser()
    for (const origin of origins) {
      expect((await post(`${app.url}/trpc/auth.login`, { email, password }, { origin })).status).toBe(403)
    }
  })
})

describe('a session', () => {
  test('stays open beside others under policy `multiple`', async () => {
    await using app = await createTestApp({ SESSION_POLICY: 'multiple' }, { worker: false })
    const user = await app.aUser()
    const [first, second] = [await app.as(user), await app.as(user)]
    expect((await first.api.auth.me.query()).id).toBe(user.id)
    expect((await second.api.auth.me.query()).id).toBe(user.id)
  })
})

function post(url: string, json: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ json }),
  })
}
