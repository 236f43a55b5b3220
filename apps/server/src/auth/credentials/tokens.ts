import { createHmac } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { newId } from '../../platform/database/ids.ts'
import { SECOND } from '../../platform/durations.ts'
import type { PublicJwk, SigningKeys } from '../../platform/signing-keys.ts'
import type { OneTimeToken } from '../one-time-token.entity.ts'
import { es256Keys, hmacKeys, keyRing, type HmacAlgorithm, type Key, type KeyRing } from './key-ring.ts'
import { createTokenMemory } from './remember-verified.ts'

/** How far another server's clock may be ahead of ours. */
const CLOCK_SKEW = 5 * SECOND

/** The purpose of the token that identifies a browser, and also its subject, as there is no account yet. */
const BROWSER = 'oauth-browser'

/** The purpose of the token in an invitation's link. */
const INVITATION = 'accept-invitation'

export type Purpose = OneTimeToken['purpose']

export interface TokenSettings {
  /** Keys for ES256, which take the place of the secrets for access tokens. */
  readonly accessKeys?: SigningKeys | undefined
  /** In each list, the first secret signs and all verify. This one may be empty if there are keys. */
  readonly accessSecrets: readonly string[]
  readonly refreshSecrets: readonly string[]
  readonly validationSecrets: readonly string[]
  readonly algorithm: HmacAlgorithm
  readonly issuer: string
  readonly audience: string
}

export interface AccessClaims {
  readonly userId: string
  readonly sessionId: string
}

/** What an access token says of its user to other programs. It may be older than the user's row. */
interface UserClaims {
  readonly isVerified: boolean
  readonly isAdmin: boolean
}

/** The content of a refresh token. The same values always give the same token. */
export interface RefreshClaims extends AccessClaims {
  readonly jti: string
  readonly issuedAt: Date
  readonly expiresAt: Date
  /** The absolute end of the session. */
  readonly sessionExpiresAt: Date
}

export interface ValidationClaims {
  readonly jti: string
  readonly userId: string
}

/**
 * The token proves that its holder can read the invited mailbox. It names no user, because the invited person may not
 * have signed up.
 */
export interface InvitationClaims {
  readonly invitationId: string
}

/** Binds an OAuth login to one browser: only that browser's cookie has the secret. */
export interface BrowserClaims {
  readonly secret: string
}

/** `expired` separates an old token from a forged one, so that users get the right message. */
export type Verified<Claims> = { ok: true; claims: Claims } | { ok: false; expired: boolean }

/** Signs and verifies all kinds of JWT. Each kind names its purpose and has its own secrets. */
export interface Tokens {
  /** The public keys of access tokens, which other programs verify them with. */
  readonly publicKeys: readonly PublicJwk[]
  /** @param ttl in milliseconds. */
  signAccess(claims: AccessClaims & UserClaims, now: Date, ttl: number): { token: string; expiresAt: Date }
  /** Checks a signature once for each token, and then remembers the result. */
  verifyAccess(token: string, now: Date): Verified<AccessClaims & { readonly expiresAt: Date }>
  /** @param keyId the secret to sign with; by default the first one. */
  signRefresh(claims: RefreshClaims, keyId?: string): { token: string; keyId: string }
  verifyRefresh(token: string, now: Date): Verified<RefreshClaims>
  /** The keyed hash under which a refresh token is stored, in hex. */
  hashRefresh(token: string, keyId: string): string
  /** The hashes under which a presented token may be stored: one for each secret in use. */
  hashesOf(token: string): string[]
  signValidation(claims: ValidationClaims & { purpose: Purpose; expiresAt: Date }, now: Date): string
  verifyValidation(token: string, purpose: Purpose, now: Date): Verified<ValidationClaims>
  signInvitation(claims: InvitationClaims & { expiresAt: Date }, now: Date): string
  verifyInvitation(token: string, now: Date): Verified<InvitationClaims>
  /** @param ttl in milliseconds. */
  signBrowser(claims: BrowserClaims, now: Date, ttl: number): string
  verifyBrowser(token: string, now: Date): Verified<BrowserClaims>
}

/**
 * @see docs/decisions/0005-tokens.md
 * @see docs/decisions/0047-tokens-that-others-verify.md
 */
export function createTokens(settings: TokenSettings): Tokens {
  const { algorithm, issuer, audience, accessKeys } = settings
  const access = accessRing(settings)
  const refresh = keyRing(hmacKeys(settings.refreshSecrets, algorithm))
  const validation = keyRing(hmacKeys(settings.validationSecrets, algorithm))
  const memory = createTokenMemory<AccessClaims & { readonly expiresAt: Date }>()

  const sign = (key: Key, purpose: string, claims: Record<string, string | number | boolean>) =>
    jwt.sign({ ...claims, iss: issuer, aud: audience, purpose }, key.signs, {
      algorithm: key.algorithm,
      keyid: key.id,
    })

  /** Synchronous on purpose, as signing is: WebCrypto would wait behind password hashes in libuv's thread pool. */
  function verify(token: string, keys: KeyRing, purpose: string, now: Date): Verified<jwt.JwtPayload> {
    try {
      const key = keys.find(({ header }) => token.startsWith(header))
      if (!key) return { ok: false, expired: false }
      const claims = jwt.verify(token, key.verifies, {
        algorithms: [key.algorithm], // the key decides, never the token
        issuer,
        audience,
        clockTimestamp: seconds(now),
      })
      if (typeof claims === 'string' || claims['purpose'] !== purpose) return { ok: false, expired: false }
      if (!claims.iat || !claims.exp || !claims.jti || !claims.sub) return { ok: false, expired: false }
      // PostgreSQL would refuse any other id with an error, and the caller would get a 500.
      const ids: unknown[] = purpose === BROWSER ? [] : [claims.jti, claims.sub]
      if ('sid' in claims) ids.push(claims['sid'])
      if (!ids.every(isUuid)) return { ok: false, expired: false }
      if (![claims.iat, claims.exp, claims['sxp'] ?? 0].every(isTime)) return { ok: false, expired: false }
      if (claims.iat * SECOND > now.getTime() + CLOCK_SKEW) return { ok: false, expired: false }
      return { ok: true, claims }
    } catch (error) {
      return { ok: false, expired: error instanceof jwt.TokenExpiredError }
    }
  }

  return {
    publicKeys: accessKeys?.keys.map(({ jwk }) => jwk) ?? [],
    signAccess({ userId, sessionId, isVerified, isAdmin }, now, ttl) {
      const exp = seconds(now) + Math.floor(ttl / SECOND)
      const token = sign(access[0], 'access', {
        ...{ jti: newId(), sub: userId, sid: sessionId, iat: seconds(now), exp },
        ...{ ver: isVerified, adm: isAdmin },
      })
      return { token, expiresAt: new Date(exp * SECOND) }
    },
    verifyAccess(token, now) {
      const known = memory.recall(token, now)
      if (known) return { ok: true, claims: known }
      const verified = verify(token, access, 'access', now)
      if (!verified.ok) return verified
      const { sub = '', sid, iat = 0, exp = 0 } = verified.claims
      if (typeof sid !== 'string') return { ok: false, expired: false }
      const value = { userId: sub, sessionId: sid, expiresAt: new Date(exp * SECOND) }
      memory.remember(token, { value, from: iat * SECOND - CLOCK_SKEW, until: exp * SECOND })
      return { ok: true, claims: value }
    },
    signRefresh(claims, keyId = refresh[0].id) {
      const key = refresh.find((candidate) => candidate.id === keyId) ?? refresh[0]
      const token = sign(key, 'refresh', {
        jti: claims.jti,
        sub: claims.userId,
        sid: claims.sessionId,
        iat: seconds(claims.issuedAt),
        exp: seconds(claims.expiresAt),
        sxp: seconds(claims.sessionExpiresAt),
      })
      return { token, keyId: key.id }
    },
    verifyRefresh(token, now) {
      const verified = verify(token, refresh, 'refresh', now)
      if (!verified.ok) return verified
      const { sub = '', jti = '', iat = 0, exp = 0, sid, sxp } = verified.claims
      if (typeof sid !== 'string' || typeof sxp !== 'number') return { ok: false, expired: false }
      const [issuedAt, expiresAt, sessionExpiresAt] = [iat, exp, sxp].map((at) => new Date(at * SECOND))
      if (!issuedAt || !expiresAt || !sessionExpiresAt) return { ok: false, expired: false }
      return { ok: true, claims: { jti, userId: sub, sessionId: sid, issuedAt, expiresAt, sessionExpiresAt } }
    },
    hashRefresh: (token, keyId) => keyedHash(refresh.find(({ id }) => id === keyId) ?? refresh[0], token),
    hashesOf: (token) => refresh.map((key) => keyedHash(key, token)),
    signValidation({ jti, userId, purpose, expiresAt }, now) {
      return sign(validation[0], purpose, { jti, sub: userId, iat: seconds(now), exp: seconds(expiresAt) })
    },
    verifyValidation(token, purpose, now) {
      const verified = verify(token, validation, purpose, now)
      if (!verified.ok) return verified
      const { sub = '', jti = '' } = verified.claims
      return { ok: true, claims: { jti, userId: sub } }
    },
    signInvitation({ invitationId: id, expiresAt }, now) {
      return sign(validation[0], INVITATION, { jti: id, sub: id, iat: seconds(now), exp: seconds(expiresAt) })
    },
    verifyInvitation(token, now) {
      const verified = verify(token, validation, INVITATION, now)
      return verified.ok ? { ok: true, claims: { invitationId: verified.claims.jti ?? '' } } : verified
    },
    // Servers from before 2026-11-29 write and read the secret as `jti`. During a rolling deploy a login may begin on
    // an old server and end on a new one, or the other way around. So write it under both names and read either,
    // until every server has run this version for ten minutes, the life of the cookie. Then make `jti` a new id, and
    // read `secret`.
    signBrowser({ secret }, now, ttl) {
      const exp = seconds(now) + Math.floor(ttl / SECOND)
      return sign(validation[0], BROWSER, { jti: secret, secret, sub: BROWSER, iat: seconds(now), exp })
    },
    verifyBrowser(token, now) {
      const verified = verify(token, validation, BROWSER, now)
      if (!verified.ok) return verified
      const { secret, jti = '' } = verified.claims
      return { ok: true, claims: { secret: typeof secret === 'string' ? secret : jti } }
    },
  }
}

/** The keys and secrets that verify access tokens. The one that signs comes first. */
function accessRing({ accessKeys, accessSecrets, algorithm }: TokenSettings): KeyRing {
  const ofSecrets = hmacKeys(accessSecrets, algorithm)
  const ofKeys = es256Keys(accessKeys?.keys ?? [])
  return keyRing(accessKeys?.onlyVerify ? [...ofSecrets, ...ofKeys] : [...ofKeys, ...ofSecrets])
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/
const isUuid = (id: unknown): boolean => typeof id === 'string' && UUID.test(id)

/** The end of the year 9999, in seconds: the latest time that ISO 8601 can write in four-digit years. */
const LATEST = 253_402_300_799
const isTime = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= LATEST

function keyedHash(key: Key, text: string): string {
  return createHmac('sha256', key.signs).update(text).digest('hex')
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / SECOND)
}
