import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

/** A public key as `GET /.well-known/jwks.json` has it. */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly kid: string
  readonly alg: 'ES256'
  readonly use: 'sig'
}

/** A key pair for ES256. */
export interface SigningKey {
  /** The thumbprint of the public key (RFC 7638). */
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: PublicJwk
}

/** What a list of keys says. */
export interface SigningKeys {
  /** At least one. */
  readonly keys: readonly SigningKey[]
  /** Whether the list begins with `hmac`: then the keys only verify, and a secret signs. */
  readonly onlyVerify: boolean
}

/** What is wrong with a list of keys, as a sentence without its subject. It has no part of a key. */
export class SigningKeysError extends Error {}

const HMAC = 'hmac'
const HOW_TO_MAKE = 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform DER | base64 -w0'

/** A PEM block, a JWK, or a word without spaces: base64, or `hmac`. */
const PART = /-----BEGIN ([A-Z\d ]+)-----([^-]*)-----END \1-----|\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}|[^\s,]+/g

/**
 * Reads a list of private keys, separated by commas or white space. Each is a PKCS 8 PEM, the base64 of one without its
 * frame, or a JWK. In a PEM, `\n` counts as a line break. The list may begin with the word `hmac`.
 *
 * @throws {SigningKeysError}
 */
export function signingKeysIn(text: string): SigningKeys {
  const parts = [...text.replaceAll(/\\r|\\n/g, '\n').matchAll(PART)]
  const onlyVerify = parts[0]?.[0] === HMAC
  const keys = (onlyVerify ? parts.slice(1) : parts).map(([part, label, body], index) => {
    if (part === HMAC) throw new SigningKeysError(`may have the word ${HMAC} only once, before all keys`)
    return keyPair(keyOfPart({ part, label, body: body ?? '' }, index + 1), index + 1)
  })
  if (keys.length === 0) throw new SigningKeysError(`must have a key: ${HOW_TO_MAKE}`)
  for (const [index, { id }] of keys.entries()) {
    const first = keys.findIndex((key) => key.id === id)
    if (first < index)
      throw new SigningKeysError(`must not have a key twice, but keys ${first + 1} and ${index + 1} are the same`)
  }
  return { keys, onlyVerify }
}

function keyOfPart({ part, label, body }: { part: string; label: string | undefined; body: string }, nth: number) {
  if (label !== undefined) return keyOfPem(label, body, nth)
  return part.startsWith('{') ? keyOfJwk(part, nth) : keyOfDer(part, nth)
}

function keyOfPem(label: string, body: string, nth: number): KeyObject {
  if (label === 'PUBLIC KEY') throw onlyPublic(nth)
  if (label === 'ENCRYPTED PRIVATE KEY')
    throw new SigningKeysError(`must not be encrypted, but key ${nth} is: openssl pkcs8 -in FILE`)
  if (label !== 'PRIVATE KEY')
    throw new SigningKeysError(`must be PKCS 8, but key ${nth} is an ${label}: openssl pkcs8 -topk8 -nocrypt -in FILE`)
  return keyOfDer(body, nth)
}

const keyOfDer = (base64: string, nth: number): KeyObject =>
  readable(() => createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' }), nth)

function keyOfJwk(text: string, nth: number): KeyObject {
  const jwk: unknown = readable(() => JSON.parse(text) as unknown, nth)
  if (!isObject(jwk)) throw unreadable(nth)
  if (jwk['kty'] !== 'EC') throw new SigningKeysError(`must have EC keys, but key ${nth} is another kind`)
  if (jwk['crv'] !== 'P-256') throw wrongCurve(nth)
  if (!('d' in jwk)) throw onlyPublic(nth)
  const { alg = 'ES256', use = 'sig' } = jwk
  if (alg !== 'ES256' || use !== 'sig')
    throw new SigningKeysError(`must have keys for ES256 signatures, but key ${nth} is for something else`)
  const { kty, crv, x, y, d } = jwk
  if (typeof x !== 'string' || typeof y !== 'string' || typeof d !== 'string') throw unreadable(nth)
  return readable(() => createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' }), nth)
}

function keyPair(privateKey: KeyObject, nth: number): SigningKey {
  if (privateKey.asymmetricKeyType !== 'ec')
    throw new SigningKeysError(`must have EC keys, but key ${nth} is another kind`)
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw wrongCurve(nth)
  const publicKey = createPublicKey(privateKey)
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  // A JWK and a PEM may each name a public key that is not the private key's.
  const probe = Buffer.from('probe')
  if (!verify('sha256', probe, publicKey, sign('sha256', probe, privateKey)))
    throw new SigningKeysError(`must have whole keys, but the public part of key ${nth} belongs to another key`)
  const id = createHash('sha256')
    .update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url')
  return { id, privateKey, publicKey, jwk: { kty: 'EC', crv: 'P-256', x, y, kid: id, alg: 'ES256', use: 'sig' } }
}

function readable<T>(read: () => T, nth: number): T {
  try {
    return read()
  } catch {
    throw unreadable(nth) // the cause could have a part of the key
  }
}

const unreadable = (nth: number) =>
  new SigningKeysError(`must have keys as PKCS 8 or JWK, but key ${nth} can’t be read as either: ${HOW_TO_MAKE}`)
const onlyPublic = (nth: number) => new SigningKeysError(`must have private keys, but key ${nth} is only a public key`)
const wrongCurve = (nth: number) =>
  new SigningKeysError(`must have keys on the curve P-256, but key ${nth} is on another one: ${HOW_TO_MAKE}`)

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
