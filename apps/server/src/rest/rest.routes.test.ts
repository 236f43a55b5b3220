import { describe, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../test/test-app.ts'

describe('REST', () => {
  test('serves the procedures: an account from sign-up to log-out', async () => {
    await using app = await createTestApp({}, { worker: false })
    const account = { email: 'ada.rest@example.com', username: 'ada', password: 'correct horse battery' }
    const registered = await send(app, 'POST', '/register', { body: account })
    expect(registered.status).toBe(201)
    expect(await registered.json()).toMatchObject({ user: { email: account.email, isVerified: false } })

    const loggedIn = await send(app, 'POST', '/login', { body: account })
    expect(loggedIn.status).toBe(200)
    expect(loggedIn.headers.get('cache-control')).toBe('no-store')
    const { accessToken } = (await loggedIn.json()) as { accessToken: string }
    const [cookie = ''] = loggedIn.headers.getSetCookie()
    expect(cookie).toMatch(/^refresh_token=.*HttpOnly/)

    const me = await send(app, 'GET', '/me', { token: accessToken })
    expect(await me.json()).toMatchObject({ username: 'ada', createdAt: expect.stringMatching(/^\d{4}-.*Z$/) })

    const renewed = await send(app, 'POST', '/refresh-token', { headers: { cookie } })
    expect(renewed.status).toBe(200)
    const out = await send(app, 'POST', '/logout', { headers: { cookie } })
    expect([out.status, await out.json()]).toEqual([200, {}])
    expect(out.headers.getSetCookie()).toEqual([expect.stringMatching(/^refresh_token=;.*Max-Age=0/)])
    expect((await send(app, 'GET', '/me', { token: accessToken })).status).toBe(401)
  })
})

interface Call {
  body?: unknown
  token?: string
  headers?: Record<string, string>
}

function send(app: TestApp, method: string, path: string, { body, token, headers = {} }: Call = {}): Promise<Response> {
  return fetch(`${app.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}
