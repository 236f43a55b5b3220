import { createHmac, randomUUID } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { describe, expect, test } from 'vitest'
import { after } from '../../platform/clock.ts'
import { HOUR, MINUTE, SECOND } from '../../platform/durations.ts'
import { createTokens, type TokenSettings } from './tokens.ts'

const SETTINGS: TokenSettings = {
  accessSecrets: ['an access secret that is 32 bytes long'],
  refreshSecrets: ['a refresh secret that is 32 bytes long'],
  validationSecrets: ['a validation secret of 32 bytes or so'],
  algorithm: 'HS256',
  issuer: 'https://api.example.com',
  audience: 'tollgate',
}
const now = new Date('2026-11-24T12:00:00Z')
const claims = { userId: randomUUID(), sessionId: randomUUID() }
const tokens = createTokens(SETTINGS)
const signed = { ...claims, isVerified: true, isAdmin: false }
const access = () => tokens.signAccess(signed, now, 15 * MINUTE).token
const refresh = () =>
  tokens.signRefresh({
    ...claims,
    jti: randomUUID(),
    issuedAt: now,
    expiresAt: after(now, HOUR),
    sessionExpiresAt: after(now, HOUR),
  }).token
const validation = (purpose: 'verify-email' | 'reset-password' | 'confirm-email') =>
  tokens.signValidation({ jti: randomUUID(), userId: claims.userId, purpose, expiresAt: after(now, HOUR) }, now)

describe('a token', () => {
  test('is valid for its own purpose until it expires', () => {
    const token = access()
    expect(tokens.verifyAccess(token, now)).toMatchObject({ ok: true, claims })
    expect(tokens.verifyAccess(token, after(now, 15 * MINUTE - SECOND)).ok).toBe(true)
    expect(tokens.verifyAccess(token, after(now, 15 * MINUTE))).toEqual({ ok: false, expired: true })
  })

  test('is refused for every other purpose', () => {
    const slots = {
      access: (token: string) => tokens.verifyAccess(token, now),
      refresh: (token: string) => tokens.verifyRefresh(token, now),
      'verify-email': (token: string) => tokens.verifyValidation(token, 'verify-email', now),
      'reset-password': (token: string) => tokens.verifyValidation(token, 'reset-password', now),
      'confirm-email': (token: string) => tokens.verifyValidation(token, 'confirm-email', now),
    }
    const made = {
      access: access(),
      refresh: refresh(),
      'verify-email': validation('verify-email'),
      'reset-password': validation('reset-password'),
      'confirm-email': validation('confirm-email'),
    }
    for (const [kind, token] of Object.entries(made)) {
      for (const [slot, verify] of Object.entries(slots)) {
        expect(verify(token).ok, `${kind} token as ${slot}`).toBe(kind === slot)
      }
    }
  })

  test('for a browser is accepted by the previous version of the server, and that version’s token by this one', () => {
    const browser = tokens.signBrowser({ secret: 'the secret of a browser' }, now, 10 * MINUTE)
    const { payload, header } = jwt.decode(browser, { complete: true }) ?? {}
    expect(payload).toMatchObject({ jti: 'the secret of a browser', secret: 'the secret of a browser' })

    const previous = withoutUndefined({ ...(payload as object), secret: undefined })
    const before = jwt.sign(previous, SETTINGS.validationSecrets[0] ?? '', { keyid: header?.kid ?? '' })
    for (const token of [browser, before]) {
      expect(tokens.verifyBrowser(token, now)).toEqual({ ok: true, claims: { secret: 'the secret of a browser' } })
      expect(tokens.verifyBrowser(token, after(now, 10 * MINUTE))).toEqual({ ok: false, expired: true })
    }
  })

  const good = access()
  const [header = '', body = ''] = good.split('.')
  const keyId = (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid
  const resigned = (changes: object, options: jwt.SignOptions = {}, secret = SETTINGS.accessSecrets[0] ?? '') => {
    const claimsOf = { ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), ...changes }
    const header = { algorithm: 'HS256', keyid: keyId, ...options }
    return jwt.sign(withoutUndefined(claimsOf), secret, withoutUndefined(header))
  }

  test.each([
    ['with `alg: none`', () => `${encode({ alg: 'none', typ: 'JWT', kid: keyId })}.${body}.`],
    ['with another algorithm and the right secret', () => resigned({}, { algorithm: 'HS512' })],
    ['signed with another secret', () => resigned({}, {}, 'some other secret that is 32 bytes long')],
    ['signed with the secret of another kind', () => resigned({}, {}, SETTINGS.refreshSecrets[0])],
    ['without a key id', () => resigned({}, { keyid: undefined })],
    ['with an unknown key id', () => resigned({}, { keyid: 'ffffffffffffffff' })],
    ['issued in the future', () => resigned({ iat: seconds(after(now, MINUTE)) })],
    ['without an expiry', () => resigned({ exp: undefined })],
    ['without a jti', () => resigned({ jti: undefined })],
    ['from another issuer', () => resigned({ iss: 'https://evil.example' })],
    ['for another audience', () => resigned({ aud: 'elsewhere' })],
    ['without a purpose', () => resigned({ purpose: undefined })],
    ['with a changed body', () => good.replace(body, encode({ ...claims, admin: true }))],
    ['whose jti is not a UUID', () => resigned({ jti: 'made-elsewhere' })],
    ['whose subject is not a UUID', () => resigned({ sub: 'user-1' })],
    ['whose session id is not a UUID', () => resigned({ sid: '1' })],
    ['whose session id is a list', () => resigned({ sid: [claims.sessionId] })],
    ['that expires after the latest possible date', () => resigned({ exp: 1e300 })],
    ['that is truncated', () => good.slice(0, -1)],
    ['that is not a JWT', () => 'nonsense'],
  ])('%s is refused', (_, forge) => {
    expect(tokens.verifyAccess(forge(), now)).toEqual({ ok: false, expired: false })
  })

  test('that is re-signed without changes is accepted, so each forgery fails because of its own change', () => {
    expect(tokens.verifyAccess(resigned({}), now).ok).toBe(true)
  })

  test('stays valid while its secret is in the list, and is refused once the secret is removed', () => {
    const old = access()
    const rotated = {
      ...SETTINGS,
      accessSecrets: ['a new access secret that is long enough', ...SETTINGS.accessSecrets],
    }
    expect(createTokens(rotated).verifyAccess(old, now).ok).toBe(true)
    expect(
      createTokens({ ...rotated, accessSecrets: rotated.accessSecrets.slice(0, 1) }).verifyAccess(old, now).ok,
    ).toBe(false)
  })

  test('for refreshing can be signed again from its row, byte for byte, even after a secret rotation', () => {
    const row = {
      ...claims,
      jti: randomUUID(),
      issuedAt: now,
      expiresAt: after(now, HOUR),
      sessionExpiresAt: after(now, 2 * HOUR),
    }
    const { token, keyId: signedBy } = tokens.signRefresh(row)
    const rotated = createTokens({
      ...SETTINGS,
      refreshSecrets: ['a new refresh secret that is long enough', ...SETTINGS.refreshSecrets],
    })
    expect(rotated.signRefresh(row, signedBy).token).toBe(token)
    expect(rotated.hashesOf(token)).toContain(tokens.hashRefresh(token, signedBy))
  })

  test('is stored as a keyed hash, which cannot be computed without the secret', () => {
    const token = refresh()
    const unkeyed = createHmac('sha256', '').update(token).digest('hex')
    expect(tokens.hashesOf(token)).toHaveLength(1)
    expect(tokens.hashesOf(token)).not.toContain(unkeyed)
  })
})

const withoutUndefined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined))
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = (at: Date) => Math.floor(at.getTime() / SECOND)
