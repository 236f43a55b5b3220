import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createTollgateClient } from '@tollgate/client'
import jwt from 'jsonwebtoken'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UNKNOWN_ID } from '../../../test/admin.ts'
import { aServiceKey } from '../../../test/service-keys.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { createApp } from '../../app.ts'
import { MINUTE } from '../../platform/durations.ts'
import { DomainError } from '../../platform/errors/errors.ts'
import { createHttpServer } from '../../platform/http/http-server.ts'
import { createMetrics } from '../../platform/metrics.ts'
import { signingKeysIn } from '../../platform/signing-keys.ts'
import { createTokens } from '../credentials/tokens.ts'
import { User } from '../user.entity.ts'
import { createAuthenticator } from './authenticate.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

test('simultaneous callers are authenticated independently of each other', async () => {
  const users = await Promise.all(Array.from({ length: 8 }, () => app.aUser()))
  const [loggedOut, disabled, gone, ...others] = await Promise.all(users.map(callerOf))
  if (!loggedOut || !disabled || !gone) throw new Error('expected eight users')
  await loggedOut.api.auth.logout.mutate()
  await app.scope().em.nativeUpdate(User, { id: disabled.user.id }, { isActive: false })
  await app.scope().em.nativeDelete(User, { id: gone.user.id })

  const authenticate = createAuthenticator(app.deps.database.em.fork(), {
    clock: app.clock,
    tokens: app.deps.auth.tokens,
  })
  const [first, second, ...rest] = others
  if (!first || !second) throw new Error('expected five other users')
  const order = [first, loggedOut, second, first, disabled, gone, ...rest]
  const asked = await Promise.allSettled(order.map(({ token }) => authenticate(`Bearer ${token}`)))

  const outcomes = asked.map((each) => {
    if (each.status === 'fulfilled') return each.value.user.email
    return each.reason instanceof DomainError ? each.reason.reason : 'not an answer'
  })
  const ended = new Map([
    [loggedOut, 'INVALID_TOKEN'],
    [disabled, 'ACCOUNT_DISABLED'],
    [gone, 'INVALID_TOKEN'],
  ])
  expect(outcomes).toEqual(order.map((caller) => ended.get(caller) ?? caller.user.email))
})

test('the public keys are there for everyone, and caches may keep them for five minutes', async () => {
  const response = await fetch(`${app.url}/.well-known/jwks.json`)
  expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  expect(await response.json()).toEqual({ keys: [] })
  const posted = await fetch(`${app.url}/.well-known/jwks.json`, { method: 'POST' })
  expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

test('two processes at different stages of a rotation accept each other’s tokens', async () => {
  const [one, two] = [newKey(), newKey()]
  await using old = await processWith(`${one},${two}`)
  await using newer = await processWith(`${two},${one}`)
  const { keys } = (await (await fetch(`${old.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }
  expect(keys).toHaveLength(2)

  const user = await app.aUser()
  for (const [opened, asked, key] of [
    [old, newer, keys[0]],
    [newer, old, keys[1]],
  ] as const) {
    const client = createTollgateClient({ url: opened.url, cookies: 'memory' })
    const { accessToken } = await client.api.auth.login.mutate({ email: user.email, password: user.password })
    expect(jwt.decode(accessToken, { complete: true })?.header).toEqual({ alg: 'ES256', typ: 'JWT', kid: key?.kid })
    for (const { url } of [asked, opened, asked]) {
      const response = await fetch(`${url}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
      expect([response.status, await response.json()]).toMatchObject([200, { id: user.id }])
    }
    // The other key is unknown to the app of the test, so it refuses a token that both processes accept.
    const response = await fetch(`${app.url}/me`, { headers: { authorization: `Bearer ${accessToken}` } })
    expect(response.status).toBe(401)
  }
})

describe('introspection', () => {
  let key: string
  beforeAll(async () => (key = await aServiceKey(app, 'introspect')))
  async function introspect(token: unknown, withKey = key): Promise<unknown> {
    const response = await fetch(`${app.url}/v1/introspect`, {
      ...{ method: 'POST', body: JSON.stringify({ token }) },
      headers: { authorization: `Bearer ${withKey}`, 'content-type': 'application/json' },
    })
    return response.json()
  }

  test('says whose an access token is, and until when', async () => {
    const { user, token, api } = await callerOf(await app.aUser())
    const [session] = await api.sessions.list.query()
    const { exp = 0 } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp?: number }
    expect(await introspect(token)).toEqual({
      active: true,
      user: expect.objectContaining({ id: user.id, email: user.email, isAdmin: false }),
      sessionId: session?.id,
      expiresAt: new Date(exp * 1_000).toISOString(),
    })
  })

  test('is false from the moment at which the session ends, for whatever reason', async () => {
    const [one, two, three] = [await aCaller(), await aCaller(), await aCaller()]
    for (const { token } of [one, two, three]) expect(await introspect(token)).toMatchObject({ active: true })
    await one.api.auth.logout.mutate()
    await app.scope().em.execute('update users set is_active = false where id = ?', [two.user.id])
    await app.scope().em.execute('delete from users where id = ?', [three.user.id])
    for (const { token } of [one, two, three]) expect(await introspect(token)).toEqual({ active: false })
  })

  test('is false for everything that is no access token, and says no more', async () => {
    const { token, api } = await aCaller()
    const { tokens } = app.deps.auth
    const now = app.clock.now()
    const verified = tokens.verifyAccess(token, now)
    if (!verified.ok) throw new Error('expected a valid token')
    const { expiresAt, ...claims } = verified.claims // all other kinds name the same open session or its user
    const dates = { issuedAt: now, expiresAt, sessionExpiresAt: expiresAt }
    const refresh = tokens.signRefresh({ ...claims, ...dates, jti: UNKNOWN_ID }).token
    const link = { userId: claims.userId, jti: UNKNOWN_ID, expiresAt }
    const links = (['verify-email', 'reset-password'] as const).map((purpose) =>
      tokens.signValidation({ ...link, purpose }, now),
    )
    const invitation = tokens.signInvitation({ invitationId: UNKNOWN_ID, expiresAt }, now)
    const browser = tokens.signBrowser({ secret: UNKNOWN_ID }, now, MINUTE)
    for (const other of ['', 'x', `${token}x`, `Bearer ${token}`, refresh, ...links, invitation, browser, key])
      expect(await introspect(other)).toEqual({ active: false })
    expect(await introspect(undefined)).toMatchObject({ error: { reason: 'INVALID_INPUT' } })
    expect(await introspect('x'.repeat(10_001))).toMatchObject({ error: { reason: 'INVALID_INPUT' } })
    const other = await aServiceKey(app, 'users:read')
    expect(await introspect(token, other)).toMatchObject({ error: { reason: 'SCOPE_REQUIRED' } })
    await api.auth.me.query() // the token itself is fine
  })
})

const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .toString('base64')

/** A second server with the same database, whose access tokens are signed with these keys. */
async function processWith(keys: string) {
  const { config } = app.deps
  const tokens = createTokens({
    accessKeys: signingKeysIn(keys),
    accessSecrets: config.ACCESS_TOKEN_SECRET,
    refreshSecrets: config.REFRESH_TOKEN_SECRET,
    validationSecrets: config.VALIDATION_TOKEN_SECRET,
    algorithm: config.JWT_ALGORITHM,
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
  })
  const deps = { ...app.deps, auth: { ...app.deps.auth, tokens }, metrics: createMetrics() }
  const server = createHttpServer(createApp(deps, () => false)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function callerOf(user: TestUser) {
  const { api, session } = await app.as(user)
  return { user, api, token: session.current?.accessToken ?? '' }
}

const aCaller = async () => callerOf(await app.aUser())
