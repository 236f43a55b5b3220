import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose'
import type { Settings } from '../options.ts'
import type { PublicKeys } from './public-keys.ts'
import { refused, type RefusedToken, type TollgateSession } from './session.ts'

const LONGEST_TOKEN = 8192
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/
const SECRET_ALGORITHMS = new Set<unknown>(['HS256', 'HS384', 'HS512'])

/** What can be told without asking the backend about the token. */
export type Offline =
  | { readonly ok: true; readonly session: TollgateSession; readonly issuedAt: number; readonly keyId: string }
  | RefusedToken
  | 'signed with a secret'

/**
 * Verifies a token with the public keys.
 *
 * @throws {TollgateUnavailable} if the keys can't be read.
 */
export async function verifyOffline(settings: Settings, keys: PublicKeys, token: string): Promise<Offline> {
  const { alg, kid } = headerOf(token)
  // A public key must never be used as the secret of such a token.
  if (SECRET_ALGORITHMS.has(alg)) return 'signed with a secret'
  if (alg !== 'ES256' || kid === undefined) return refused('INVALID_TOKEN', 'The token is not an access token.')
  const key = await keys.find(kid)
  if (!key) return refused('INVALID_TOKEN', 'The backend has no such public key.')
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      issuer: settings.issuer,
      audience: settings.audience,
      requiredClaims: ['exp', 'iat', 'jti', 'sub'],
      currentDate: new Date(settings.now()),
    })
    return sessionOf(payload, kid)
  } catch (error) {
    return refusalOf(error, settings)
  }
}

function headerOf(token: string): { alg?: string | undefined; kid?: string | undefined } {
  if (token.length > LONGEST_TOKEN) return {}
  try {
    return decodeProtectedHeader(token)
  } catch {
    return {}
  }
}

function sessionOf({ sub, sid, exp, iat, purpose, ver, adm }: JWTPayload, keyId: string): Offline {
  const isAccess = purpose === 'access' && isId(sub) && isId(sid) && exp !== undefined && iat !== undefined
  if (!isAccess) return refused('INVALID_TOKEN', 'The token is of the right backend, but not an access token.')
  return {
    ok: true,
    issuedAt: iat * 1000,
    keyId,
    session: {
      userId: sub,
      sessionId: sid,
      isVerified: ver === true,
      isAdmin: adm === true,
      expiresAt: new Date(exp * 1000),
    },
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

function refusalOf(error: unknown, { issuer, audience }: Settings): RefusedToken {
  if (error instanceof errors.JWTExpired) return refused('TOKEN_EXPIRED', 'The access token has expired.')
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, payload } = error
    const claims = { iss: ['issuer', issuer], aud: ['audience', audience] }
    const [option, expected] = claim === 'iss' || claim === 'aud' ? claims[claim] : []
    // The signature is the backend's, so this is rather a wrong option than an attack.
    const hint = `The token has ${option} ${JSON.stringify(payload[claim])}, but the option ${option} is ${JSON.stringify(expected)}.`
    return refused('INVALID_TOKEN', option ? hint : `The token's claim ${claim} is wrong.`)
  }
  return refused('INVALID_TOKEN', 'The signature of the token is wrong.')
}
