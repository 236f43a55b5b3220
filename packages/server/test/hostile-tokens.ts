import { createPrivateKey, createSecretKey, sign } from 'node:crypto'
import { exportJWK, exportSPKI, importJWK, SignJWT, type JWTPayload } from 'jose'
import { SERVICE_KEY, SmallBackend } from './small-backend.ts'

const encode = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Tokens that must not let anyone in, by what is wrong with them. */
export async function hostileTokens(backend: SmallBackend): Promise<Record<string, string>> {
  const [key] = backend.keys
  if (!key) throw new Error('The backend has no key.')
  const good = await backend.token()
  const [header = '', payload = '', signature = ''] = good.split('.')
  const claims: JWTPayload = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const bytes = Buffer.from(signature, 'base64url')
  const publicKey = await importJWK(key.jwk, 'ES256', { extractable: true })
  if (publicKey instanceof Uint8Array) throw new Error('Not a public key.')
  const asSecret = async (secret: string) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.id }).sign(createSecretKey(Buffer.from(secret)))
  /** Signs anything with the backend's key, by default with the header of its tokens. */
  const privateKey = createPrivateKey({ key: { ...(await exportJWK(key.privateKey)) }, format: 'jwk' })
  const signed = (
    body: object | string | Buffer,
    head: object | string = '',
    dsaEncoding: 'der' | 'ieee-p1363' = 'ieee-p1363',
  ) => {
    const text = `${head === '' ? header : encode(head)}.${Buffer.isBuffer(body) ? body.toString('base64url') : encode(body)}`
    return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding }).toString('base64url')}`
  }
  const own = { alg: 'ES256', kid: key.id, typ: 'JWT' }
  const at = Math.floor(Date.now() / 1000)
  const withSignature = (changed: Buffer | string) =>
    `${header}.${payload}.${typeof changed === 'string' ? changed : changed.toString('base64url')}`
  const none = encode({ ...own, alg: 'none' })
  return {
    nothing: '.',
    'no token at all': 'hello',
    'a service key': SERVICE_KEY,
    'no signature': `${header}.${payload}.`,
    'two parts': `${header}.${payload}`,
    'four parts': `${good}.${signature}`,
    'alg none': `${none}.${payload}.`,
    'alg none with a signature': `${none}.${payload}.${signature}`,
    'HS256 with the public key as PEM': await asSecret(await exportSPKI(publicKey)),
    'HS256 with the public key as JWK': await asSecret(JSON.stringify(key.jwk)),
    'another algorithm': signed(claims, { ...own, alg: 'ES384' }),
    'no algorithm': signed(claims, { kid: key.id }),
    'an unknown critical extension': signed(claims, { ...own, crit: ['exp'] }),
    'a payload that is not encoded': signed(claims, { ...own, crit: ['b64'], b64: false }),
    'a header that is no object': signed(claims, '["ES256"]'),
    'a key of its own in the header': await new SmallBackend()
      .addKey(key.id)
      .then(({ jwk, privateKey: of }) => new SignJWT(claims).setProtectedHeader({ ...own, jwk }).sign(of)),
    'another payload': `${header}.${encode({ ...claims, adm: true })}.${signature}`,
    'another key of the same name': await new SmallBackend()
      .addKey(key.id)
      .then((other) => backend.token({}, { key: other })),
    'an unknown key': await backend.token({}, { key: { ...key, id: 'unknown' } }),
    'a name of a key that all objects have': await backend.token({}, { key: { ...key, id: '__proto__' } }),
    'another issuer': await backend.token({ iss: 'https://evil.test' }),
    'several issuers': signed({ ...claims, iss: [backend.url] }),
    'another audience': await backend.token({ aud: 'another' }),
    'no audience': await backend.token({ aud: undefined }),
    'another purpose': await backend.token({ purpose: 'refresh' }),
    'no purpose': await backend.token({ purpose: undefined }),
    'no session': await backend.token({ sid: undefined }),
    'no user': await backend.token({ sub: undefined }),
    'a user that is not an id': await backend.token({ sub: '../admin' }),
    'no expiry': await backend.token({ exp: undefined }),
    'an expiry that is a text': signed({ ...claims, exp: String(at + 900) }),
    'a time of issue that is a text': signed({ ...claims, iat: String(at) }),
    'not valid yet': signed({ ...claims, nbf: at + 600 }),
    'a beginning that is a text': signed({ ...claims, nbf: '0' }),
    'claims that are a list': signed([claims]),
    'claims that are no JSON': signed('{'),
    'claims that are not in UTF-8': signed(Buffer.from([0x7b, 0xff, 0x7d])),
    'no claims': signed(''),
    'a signature in DER': signed(claims, '', 'der'),
    'a signature of zeros': withSignature(Buffer.alloc(64)),
    'a signature of ones': withSignature(Buffer.alloc(64, 0xff)),
    'half a signature': withSignature(bytes.subarray(0, 32)),
    'a signature that is too short': withSignature(bytes.subarray(1)),
    'a signature that is too long': withSignature(Buffer.concat([bytes, Buffer.alloc(1)])),
    'a signature with its halves exchanged': withSignature(Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)])),
    'a signature with other characters': withSignature(`${signature.slice(0, -1)}!`),
    'a signature that is not encoded': withSignature('ü'.repeat(86)),
    'too long': `${header}.${'A'.repeat(100_000)}.${signature}`,
  }
}
