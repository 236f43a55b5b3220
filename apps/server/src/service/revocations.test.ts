import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UNKNOWN_ID } from '../../test/admin.ts'
import { aMember, anOrganization } from '../../test/organizations.ts'
import { aServiceKey } from '../../test/service-keys.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { MINUTE } from '../platform/durations.ts'

let app: TestApp
let key: string
beforeAll(async () => {
  app = await createTestApp({ SESSION_POLICY: 'multiple' }, { worker: false })
  key = await aServiceKey(app)
})
afterAll(() => app[Symbol.asyncDispose]())

async function call(path: string, { url = app.url, body = undefined as object | undefined, withKey = key } = {}) {
  const response = await fetch(`${url}${path}`, {
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    headers: { authorization: `Bearer ${withKey}`, 'content-type': 'application/json' },
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function aSession() {
  const user = await app.aUser()
  const client = await app.as(user)
  const token = client.session.current?.accessToken ?? ''
  const [session] = await client.api.sessions.list.query()
  return { user, token, api: client.api, id: session?.id ?? '' }
}

describe('introspection', () => {
  const introspect = async (token: unknown) => (await call('/v1/introspect', { body: { token } })).body

  test('says whose an access token is, and until when', async () => {
    const { user, token, id } = await aSession()
    const { exp = 0 } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp?: number }
    expect(await introspect(token)).toEqual({
      active: true,
      user: expect.objectContaining({ id: user.id, email: user.email, isAdmin: false }),
      sessionId: id,
      expiresAt: new Date(exp * 1_000).toISOString(),
    })
  })

  test('is false from the moment at which the session ends, for whatever reason', async () => {
    const [one, two, three] = [await aSession(), await aSession(), await aSession()]
    for (const { token } of [one, two, three]) expect(await introspect(token)).toMatchObject({ active: true })
    await one.api.auth.logout.mutate()
    await app.scope().em.execute('update users set is_active = false where id = ?', [two.user.id])
    await app.scope().em.execute('delete from users where id = ?', [three.user.id])
    for (const { token } of [one, two, three]) expect(await introspect(token)).toEqual({ active: false })
  })

  test('is false for everything that is no access token, and says no more', async () => {
    const { token, api } = await aSession()
    const refresh = app.deps.auth.tokens.signRefresh({
      ...{ userId: UNKNOWN_ID, sessionId: UNKNOWN_ID, jti: UNKNOWN_ID, issuedAt: new Date() },
      ...{ expiresAt: new Date(Date.now() + MINUTE), sessionExpiresAt: new Date(Date.now() + MINUTE) },
    }).token
    for (const other of ['', 'x', `${token}x`, `Bearer ${token}`, refresh, key])
      expect(await introspect(other)).toEqual({ active: false })
    expect(await introspect(undefined)).toMatchObject({ error: { reason: 'INVALID_INPUT' } })
    expect(await introspect('x'.repeat(10_001))).toMatchObject({ error: { reason: 'INVALID_INPUT' } })
    const withKey = await aServiceKey(app, 'users:read')
    expect((await call('/v1/introspect', { body: { token }, withKey })).status).toBe(403)
    await api.auth.me.query() // the token itself is fine
  })
})

describe('users and members', () => {
  test('a user is found by their address, however it is written', async () => {
    const user = await app.aUser()
    const found = await call(`/v1/users?email=${encodeURIComponent(` ${user.email.toUpperCase()}`)}`)
    expect(found.body).toMatchObject({ items: [{ id: user.id }], nextCursor: null })
    expect((await call('/v1/users?email=nobody@example.com')).body).toEqual({ items: [], nextCursor: null })
    for (const path of ['/v1/users', '/v1/users?email=nobody'])
      expect((await call(path)).body).toMatchObject({
        error: { reason: 'INVALID_INPUT', fieldErrors: { email: expect.any(String) } },
      })
  })

  test('the members of any account come in pages', async () => {
    const owner = await aMember(app)
    const team = await anOrganization(app, owner, [
      [await app.aUser(), 'member'],
      [await app.aUser(), 'billing'],
    ])
    const path = `/v1/accounts/${team.id}/members`
    const first = await call(`${path}?limit=2`)
    const { nextCursor } = first.body as { nextCursor: string }
    const second = await call(`${path}?limit=2&cursor=${nextCursor}`)
    const roles = [first, second].flatMap(({ body }) =>
      (body as { items: { role: string }[] }).items.map(({ role }) => role),
    )
    expect(roles.toSorted()).toEqual(['billing', 'member', 'owner'])
    expect(second.body['nextCursor']).toBe(null)
    expect((await call(`/v1/accounts/${UNKNOWN_ID}/members`)).status).toBe(404)
    expect((await call(`${path}?cursor=x`)).body).toMatchObject({ error: { reason: 'INVALID_INPUT' } })
    const withKey = await aServiceKey(app, 'users:read')
    expect((await call(path, { withKey })).status).toBe(403)
  })
})
