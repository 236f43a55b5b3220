import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signingKeysIn } from './signing-keys.ts'

const newKey = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve }).privateKey
const pemOf = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString()
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' })
const [one, two, other] = [newKey(), newKey(), newKey('P-384')]
const base64 = one.export({ format: 'der', type: 'pkcs8' }).toString('base64')

describe('a list of keys', () => {
  test.each([
    ['a PEM', pemOf(one)],
    ['a PEM in one line with \\n', pemOf(one).replaceAll('\n', '\\n')],
    ['a PEM in one line with spaces', pemOf(one).replaceAll('\n', ' ')],
    ['the base64 of a PEM', base64],
    ['a JWK', JSON.stringify(jwkOf(one))],
    ['a JWK in lines, with an id of its own', JSON.stringify({ ...jwkOf(one), kid: 'a}b', use: 'sig' }, null, 2)],
  ])('reads %s', (_, text) => {
    const [key] = signingKeysIn(text).keys
    const { x = '', y = '' } = jwkOf(createPublicKey(one))
    expect(key?.jwk).toEqual({ kty: 'EC', crv: 'P-256', x, y, kid: key?.id, alg: 'ES256', use: 'sig' })
  })

  test.each([
    ['PEMs one after the other', `${pemOf(one)}${pemOf(two)}`],
    ['a JWK and a PEM', `${JSON.stringify(jwkOf(one))}, ${pemOf(two)}`],
    ['base64 and a JWK', `${base64},${JSON.stringify(jwkOf(two))}`],
  ])('keeps the order of %s', (_, text) => {
    const ids = [one, two].map((key) => signingKeysIn(pemOf(key)).keys[0]?.id)
    expect(signingKeysIn(text)).toMatchObject({ onlyVerify: false, keys: ids.map((id) => ({ id })) })
    expect(signingKeysIn(`hmac,${text}`)).toMatchObject({ onlyVerify: true, keys: ids.map((id) => ({ id })) })
  })

  const encrypted = one.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }).toString()
  const publicKey = createPublicKey(one)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  test.each([
    ['nothing', ' ', 'must have a key'],
    ['only a word', 'hmac', 'must have a key'],
    ['the word behind a key', `${base64},hmac`, 'only once, before all keys'],
    ['the same key twice', `${pemOf(one)},${JSON.stringify(jwkOf(one))}`, 'keys 1 and 2 are the same'],
    ['another curve in a PEM', `${base64},${pemOf(other)}`, 'curve P-256, but key 2'],
    ['another curve in a JWK', JSON.stringify(jwkOf(other)), 'curve P-256, but key 1'],
    ['another kind in a PEM', pemOf(rsa), 'must have EC keys, but key 1'],
    ['another kind in a JWK', JSON.stringify(jwkOf(rsa)), 'must have EC keys, but key 1'],
    ['a key for Ed25519', pemOf(generateKeyPairSync('ed25519').privateKey), 'must have EC keys, but key 1'],
    [
      'a public key in a PEM',
      publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      'key 1 is only a public key',
    ],
    ['a public key in a JWK', JSON.stringify(jwkOf(publicKey)), 'key 1 is only a public key'],
    ['a JWK for encryption', JSON.stringify({ ...jwkOf(one), use: 'enc' }), 'key 1 is for something else'],
    ['a JWK for another algorithm', JSON.stringify({ ...jwkOf(one), alg: 'ECDH-ES' }), 'key 1 is for something else'],
    ['a JWK with another key’s point', JSON.stringify({ ...jwkOf(one), d: jwkOf(two).d }), 'key 1'],
    ['a JWK without a point', JSON.stringify({ ...jwkOf(one), x: undefined }), 'key 1 can’t be read'],
    ['a JWK that is cut off', JSON.stringify(jwkOf(one)).slice(0, -9), 'key 1 can’t be read'],
    ['an encrypted key', encrypted, 'must not be encrypted, but key 1 is'],
    ['SEC 1', one.export({ format: 'pem', type: 'sec1' }).toString(), 'openssl pkcs8 -topk8'],
    ['a PEM of nonsense', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'key 1 can’t be read'],
    ['a secret', 'a secret that is 32 bytes long', 'key 1 can’t be read'],
  ])('refuses %s, and says what is wrong without a part of a key', (_, text, message) => {
    const problem = problemWith(text)
    expect(problem).toContain(message)
    for (const part of [base64.slice(40, 60), jwkOf(one).d ?? '', jwkOf(two).d ?? '', 'a secret'])
      expect(problem).not.toContain(part)
  })
})

function problemWith(text: string): string {
  try {
    signingKeysIn(text)
    return 'nothing'
  } catch (error) {
    return String(error)
  }
}
