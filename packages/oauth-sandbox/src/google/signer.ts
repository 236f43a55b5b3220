import { randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Signer } from './id-token.ts'

/** Generates a signing key in the form the state file stores. */
export async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' }
}

export async function signerOf(key: JWK): Promise<Signer> {
  const privateKey = await importJWK(key, 'RS256')
  if (privateKey instanceof Uint8Array) throw new Error('The stored signing key is not an RSA key.')
  const { kty, n, e, alg, use } = key
  return { privateKey, publicKey: { kty, n, e, alg, use, kid: key.kid ?? (await calculateJwkThumbprint(key)) } }
}
