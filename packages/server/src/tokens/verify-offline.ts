import { decodeProtectedHeader, errors, jwtVerify, type CryptoKey, type JWTPayload } from 'jose'
import { TollgateUnavailable } from '../errors.ts'
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
  if (token.length > LONGEST_TOKEN) return refused('INVALID_TOKEN', 'The token is too long.')
  const keyOf = ({ kid = '' }: { kid?: string }) => keys.known(kid) ?? find(keys, kid)
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      algorithms: ['ES256'],
      issuer: settings.issuer,
      audience: settings.audience,
      requiredClaims: ['exp', 'iat', 'jti', 'sub'],
      currentDate: new Date(settings.now()),
    })
    return sessionOf(payload, protectedHeader.kid ?? '')
  } catch (error) {
    if (error instanceof TollgateUnavailable) throw error
    // A public key must never be used as the secret of such a token.
    if (error instanceof errors.JOSEAlgNotAllowed && isSignedWithSecret(token)) return 'signed with a secret'
    return refusalOf(error, settings)
  }
}

async function find(keys: PublicKeys, id: string): Promise<CryptoKey> {
  const key = id === '' ? undefined : await keys.find(id)
  if (key) return key
  throw new errors.JWKSNoMatchingKey()
}

function isSignedWithSecret(token: string): boolean {
  return SECRET_ALGORITHMS.has(decodeProtectedHeader(token).alg)
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
    // The signature is the backend's, so a wrong option is more likely than an attack.
    const hint = `The token has ${option} ${JSON.stringify(payload[claim])}, but the option ${option} is ${JSON.stringify(expected)}.`
    return refused('INVALID_TOKEN', option ? hint : `The token's claim ${claim} is wrong.`)
  }
  if (error instanceof errors.JWKSNoMatchingKey) return refused('INVALID_TOKEN', 'The backend has no such public key.')
  return refused('INVALID_TOKEN', 'The token is not one that the backend has signed.')
}
