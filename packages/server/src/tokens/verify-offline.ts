import { base64url, decodeProtectedHeader, errors, jwtVerify, UnsecuredJWT, type JWTPayload } from 'jose'
import { TollgateUnavailable } from '../errors.ts'
import type { Settings } from '../options.ts'
import { Remembered } from '../remembered.ts'
import type { PublicKey, PublicKeys } from './public-keys.ts'
import { refused, type RefusedToken, type TollgateSession } from './session.ts'

const LONGEST_TOKEN = 8192
/** A backend has one header for each of its keys. */
const MOST_HEADERS = 20
/** The header `{"alg":"none"}`. */
const NO_SIGNATURE = 'eyJhbGciOiJub25lIn0'
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/
const SECRET_ALGORITHMS = new Set<unknown>(['HS256', 'HS384', 'HS512'])

/** What can be told without asking the backend about the token. */
export type Offline =
  | { readonly ok: true; readonly session: TollgateSession; readonly issuedAt: number; readonly keyId: string }
  | RefusedToken
  | 'signed with a secret'

export type VerifyOffline = (token: string) => Offline | Promise<Offline>

/**
 * Creates the function that verifies tokens with the public keys.
 *
 * Where the runtime can check a signature at once, it does. jose decides everything else about a token. It reads a header
 * only once, because all tokens of a key have the same one.
 *
 * @returns a function that throws TollgateUnavailable if the keys can't be read.
 */
export function createOfflineVerification(settings: Settings, keys: PublicKeys): VerifyOffline {
  /** The id of the key that a header names, by header. jose has accepted each of them. */
  const headers = new Remembered<string>(MOST_HEADERS)
  const keyOf = async ({ kid = '' }: { kid?: string }) => (keys.known(kid) ?? (await find(keys, kid))).key
  const rules = () => ({
    issuer: settings.issuer,
    audience: settings.audience,
    requiredClaims: ['exp', 'iat', 'jti', 'sub'],
    currentDate: new Date(settings.now()),
  })

  /** @returns undefined if jose has to decide. */
  function verifyAtOnce(token: string): Offline | undefined {
    const { 0: header = '', 1: payload = '', 2: signature = '', length } = token.split('.')
    const keyId = length === 3 ? headers.get(header) : undefined
    const check = keyId === undefined ? undefined : keys.known(keyId)?.check
    if (keyId === undefined || !check) return undefined
    try {
      if (!check(`${header}.${payload}`, base64url.decode(signature))) return notSigned()
    } catch {
      return undefined
    }
    try {
      // The signature is right, so only the claims remain: jose reads them as those of a token without one.
      return sessionOf(UnsecuredJWT.decode(`${NO_SIGNATURE}.${payload}.`, rules()).payload, keyId)
    } catch (error) {
      return refusalOf(error, settings)
    }
  }

  async function verifyWithJose(token: string): Promise<Offline> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keyOf, { algorithms: ['ES256'], ...rules() })
      const { kid = '' } = protectedHeader
      headers.set(token.slice(0, token.indexOf('.')), kid)
      return sessionOf(payload, kid)
    } catch (error) {
      if (error instanceof TollgateUnavailable) throw error
      // A public key must never be used as the secret of such a token.
      if (error instanceof errors.JOSEAlgNotAllowed && isSignedWithSecret(token)) return 'signed with a secret'
      return refusalOf(error, settings)
    }
  }

  return (token) =>
    token.length > LONGEST_TOKEN
      ? refused('INVALID_TOKEN', 'The token is too long.')
      : (verifyAtOnce(token) ?? verifyWithJose(token))
}

async function find(keys: PublicKeys, id: string): Promise<PublicKey> {
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
  return notSigned()
}

const notSigned = (): RefusedToken => refused('INVALID_TOKEN', 'The token is not one that the backend has signed.')
