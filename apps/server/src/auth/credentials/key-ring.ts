import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import type { SigningKey } from '../../platform/signing-keys.ts'

export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512'

/** A key with the one algorithm that it is for. */
export interface Key {
  readonly id: string
  readonly algorithm: HmacAlgorithm | 'ES256'
  /** The secret or the private key. */
  readonly signs: KeyObject
  /** The secret or the public key. */
  readonly verifies: KeyObject
  /** The start of every token that this key signs: the encoded header, which names the key, and a dot. */
  readonly header: string
}

/** The first key signs, and all verify. */
export type KeyRing = readonly [Key, ...Key[]]

/** Puts keys together. */
export function keyRing(keys: readonly Key[]): KeyRing {
  const [first, ...others] = keys
  if (!first) throw new Error('A list of token secrets is empty.')
  return [first, ...others]
}

/** Makes a key of each secret. */
export function hmacKeys(secrets: readonly string[], algorithm: HmacAlgorithm): Key[] {
  return secrets.map((text) => {
    // Identifies the secret in a token's header. With secrets of 32 bytes or more, the id reveals nothing.
    const id = createHash('sha256').update(`tollgate key id\n${text}`).digest('hex').slice(0, 16)
    const secret = createSecretKey(Buffer.from(text))
    return withHeader({ id, algorithm, signs: secret, verifies: secret })
  })
}

/** Makes a key of each key pair. */
export function es256Keys(pairs: readonly SigningKey[]): Key[] {
  return pairs.map(({ id, privateKey, publicKey }) =>
    withHeader({ id, algorithm: 'ES256', signs: privateKey, verifies: publicKey }),
  )
}

function withHeader(key: Omit<Key, 'header'>): Key {
  const header = JSON.stringify({ alg: key.algorithm, typ: 'JWT', kid: key.id }) // letter for letter as it is signed
  return { ...key, header: `${Buffer.from(header).toString('base64url')}.` }
}
