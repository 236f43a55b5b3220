import { createHmac, createPublicKey, generateKeyPairSync, randomUUID, verify, type KeyObject } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { describe, expect, test } from 'vitest'
import { after } from '../../platform/clock.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { signingKeysIn } from '../../platform/signing-keys.ts'
import { createTokenMemory } from './remember-verified.ts'
import { createTokens, type TokenSettings } from './tokens.ts'

const SECRET = 'an access secret that is 32 bytes long'
const HMAC: TokenSettings = {
  accessSecrets: [SECRET],
  refreshSecrets: ['a refresh secret that is 32 bytes long'],
  validationSecrets: ['a validation secret of 32 bytes or so'],
  algorithm: 'HS256',
  issuer: 'https://api.example.com',
  audience: 'tollgate',
}
const newKey = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve }).privateKey
const base64Of = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' }).toString('base64')
const withKeys = (text: string, settings: Partial<TokenSettings> = {}) =>
  createTokens({ ...HMAC, ...settings, accessKeys: signingKeysIn(text) })

const now = new Date('2026-11-24T12:00:00Z')
const claims = { userId: randomUUID(), sessionId: randomUUID() }
const signedBy = (tokens: ReturnType<typeof createTokens>) =>
  tokens.signAccess({ ...claims, isVerified: true, isAdmin: false }, now, 15 * MINUTE).token
const accepted = { ok: true, claims: { ...claims, expiresAt: after(now, 15 * MINUTE) } }
const refused = { ok: false, expired: false }

const [one, two] = [newKey(), newKey()]
const tokens = withKeys(base64Of(one))
const token = signedBy(tokens)
const [header = '', body = '', signature = ''] = token.split('.')

describe('an access token of a private key', () => {
  test('names its algorithm, its key, and what its user may do', () => {
    const [published] = tokens.publicKeys
    expect(decode(header)).toEqual({ alg: 'ES256', typ: 'JWT', kid: published?.kid })
    expect(decode(body)).toMatchObject({ sub: claims.userId, sid: claims.sessionId, ver: true, adm: false })
    expect(decode(body)).toMatchObject({ purpose: 'access', iss: HMAC.issuer, aud: HMAC.audience })
    expect(tokens.verifyAccess(token, now)).toEqual(accepted)
    expect(tokens.verifyAccess(token, after(now, 15 * MINUTE))).toEqual({ ok: false, expired: true })
  })

  test('can be verified with the published key alone, which has no private part', () => {
    const [jwk] = tokens.publicKeys
    if (!jwk) throw new Error('expected a key')
    expect(Object.keys(jwk).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const isRight = (text: string) =>
      verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
    expect(isRight(`${header}.${body}`)).toBe(true)
    expect(isRight(`${header}.${body}x`)).toBe(false)
  })

  test('has the thumbprint of RFC 7638 as its key id', () => {
    // A key made for this test. Its thumbprint is from another implementation: jose 6.2.
    const jwk = {
      ...{ kty: 'EC', crv: 'P-256', d: 'xLJnY6W5SkZToIjt4LKZTQMHGfT8aN0lVVcBe6w3hxk' },
      ...{ x: 'LL8Rz7fv6fLmS_l1VYYfMLYXN6gbzPmKZdH18paxMHA', y: 'AsOQxWdJ8w0J43e0K9BDOSHn-JExrHf41bgy3TWA7rg' },
    }
    expect(signingKeysIn(JSON.stringify(jwk)).keys.map(({ id }) => id)).toEqual([
      'b2MVxreLKRDqPT8SoNETfru1UO6rgxurDdIBH8Zojd4',
    ])
  })

  test('leaves the other kinds of token to their secrets', () => {
    const refresh = tokens.signRefresh({
      ...{ ...claims, jti: randomUUID(), issuedAt: now },
      ...{ expiresAt: after(now, MINUTE), sessionExpiresAt: after(now, MINUTE) },
    })
    expect(jwt.decode(refresh.token, { complete: true })?.header.alg).toBe('HS256')
    expect(createTokens(HMAC).verifyRefresh(refresh.token, now).ok).toBe(true)
    expect(tokens.verifyAccess(refresh.token, now)).toEqual(refused)
    expect(tokens.verifyRefresh(token, now)).toEqual(refused)
  })
})

describe('switching from a secret to a key', () => {
  const ofSecret = signedBy(createTokens(HMAC))

  test('keeps the tokens of the secret valid while it is set', () => {
    expect(tokens.verifyAccess(ofSecret, now)).toEqual(accepted)
    expect(withKeys(base64Of(one), { accessSecrets: [] }).verifyAccess(ofSecret, now)).toEqual(refused)
  })

  test('has a stage in which the key only verifies', () => {
    const prepared = withKeys(`hmac,${base64Of(one)}`)
    expect(prepared.publicKeys).toEqual(tokens.publicKeys)
    expect(jwt.decode(signedBy(prepared), { complete: true })?.header.alg).toBe('HS256')
    expect(createTokens(HMAC).verifyAccess(signedBy(prepared), now)).toEqual(accepted)
    expect(prepared.verifyAccess(token, now)).toEqual(accepted)
  })

  test('without a key publishes none', () => {
    expect(createTokens(HMAC).publicKeys).toEqual([])
  })
})

describe('with a key and a secret, a token is refused', () => {
  const publicPem = createPublicKey(one).export({ format: 'pem', type: 'spki' }).toString()
  const publicDer = createPublicKey(one).export({ format: 'der', type: 'spki' })
  const [jwk] = tokens.publicKeys
  const kid = jwk?.kid ?? ''
  const secretKid = jwt.decode(signedBy(createTokens(HMAC)), { complete: true })?.header.kid ?? ''
  const hmac = (text: string, key: string | Buffer) => createHmac('sha256', key).update(text).digest('base64url')
  const es256 = (head: object, key = one) => {
    const options = { algorithm: 'ES256', header: { alg: 'ES256', ...head } } as const
    return jwt.sign(decode(body), key, options)
  }
  const withHmac = (head: object, key: string | Buffer) => {
    const text = `${encode({ alg: 'HS256', typ: 'JWT', ...head })}.${body}`
    return `${text}.${hmac(text, key)}`
  }

  test.each([
    ['without a signature, by `alg: none`', () => `${encode({ alg: 'none', typ: 'JWT', kid })}.${body}.`],
    ['with the key’s header and no signature', () => `${header}.${body}.`],
    [
      'with `alg: none` and the key’s signature',
      () => `${encode({ alg: 'none', typ: 'JWT', kid })}.${body}.${signature}`,
    ],
    ['with `HS256` by the public key in PEM', () => withHmac({ kid }, publicPem)],
    ['with `HS256` by the public key in DER', () => withHmac({ kid }, publicDer)],
    ['with `HS256` by the public key as JWK', () => withHmac({ kid }, JSON.stringify(jwk))],
    [
      'with the key’s header and an HMAC by its public key',
      () => `${header}.${body}.${hmac(`${header}.${body}`, publicPem)}`,
    ],
    ['with the key’s header and an HMAC by the secret', () => `${header}.${body}.${hmac(`${header}.${body}`, SECRET)}`],
    ['with `HS256` by the secret, under the key’s id', () => withHmac({ kid }, SECRET)],
    ['with `ES256` by the key, under the secret’s id', () => es256({ typ: 'JWT', kid: secretKid })],
    ['with `ES256` by another key', () => es256({ typ: 'JWT', kid }, two)],
    [
      'with `ES256` by another key that it brings along',
      () => es256({ typ: 'JWT', kid, jwk: withKeys(base64Of(two)).publicKeys[0] }, two),
    ],
    ['without a key id', () => es256({ typ: 'JWT' })],
    ['with a key id that is a path', () => es256({ typ: 'JWT', kid: '../../dev/null' })],
    ['with a signature of zeros', () => `${header}.${body}.${Buffer.alloc(64).toString('base64url')}`],
    ['with a signature in DER', () => `${header}.${body}.${Buffer.alloc(70, 48).toString('base64url')}`],
    ['with a changed body', () => `${header}.${encode({ ...decode(body), adm: true })}.${signature}`],
    ['with `b64: false`', () => es256({ typ: 'JWT', kid, b64: false, crit: ['b64'] })],
  ])('%s', (_, forge) => {
    const both = withKeys(base64Of(one))
    expect(both.verifyAccess(forge(), now)).toEqual(refused)
    expect(both.verifyAccess(token, now)).toEqual(accepted)
    expect(both.verifyAccess(forge(), now)).toEqual(refused)
  })

  test('but the same key and header are accepted, so each forgery fails because of its own change', () => {
    expect(withKeys(base64Of(one)).verifyAccess(es256({ typ: 'JWT', kid }), now)).toEqual(accepted)
    expect(withKeys(base64Of(one)).verifyAccess(withHmac({ kid: secretKid }, SECRET), now)).toEqual(accepted)
  })
})

describe('what is remembered of a token', () => {
  test('gives the same answer at any time as a check of its signature', () => {
    for (const at of [-6 * SECOND, -5 * SECOND, 0, 15 * MINUTE - 1, 15 * MINUTE, 16 * MINUTE, -5 * SECOND, 0]) {
      const fresh = withKeys(base64Of(one)).verifyAccess(token, after(now, at))
      expect(tokens.verifyAccess(token, after(now, at)), `at ${at}`).toEqual(fresh)
    }
  })

  test('is bounded, and what is used stays', () => {
    const memory = createTokenMemory<number>(10)
    const until = { from: 0, until: Infinity }
    memory.remember('used', { value: 0, ...until })
    for (let n = 1; n <= 1_000; n++) {
      memory.remember(`token ${n}`, { value: n, ...until })
      expect(memory.recall('used', now)).toBe(0)
      expect(memory.size).toBeLessThanOrEqual(20)
    }
    expect(memory.recall('token 1000', now)).toBe(1_000)
    expect(memory.recall('token 1', now)).toBeUndefined()
  })

  test('is forgotten once the token has expired', () => {
    const memory = createTokenMemory<number>(10)
    memory.remember('token', { value: 1, from: 0, until: now.getTime() })
    expect(memory.recall('token', now)).toBeUndefined()
    expect(memory.size).toBe(0)
  })
})

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
