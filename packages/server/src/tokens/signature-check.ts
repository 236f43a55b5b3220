import { base64url } from 'jose'
import { nodeCrypto } from '../runtime.ts'

/** Checks an ES256 signature at once. Throws if the runtime fails to, so that jose has to decide. */
export type SignatureCheck = (signed: string, signature: Uint8Array) => boolean

/** The coordinates of a public key on the curve P-256, as a JWK has them. */
interface Point {
  readonly x: string
  readonly y: string
}

const SIGNATURE_LENGTH = 64
const encoder = new TextEncoder()

/** The example of RFC 7515, appendix A.3. */
const EXAMPLE = {
  key: { x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' },
  signed:
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
  signature: 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
}

let isTrusted: boolean | undefined

/**
 * Creates the check of a key's signatures with `node:crypto`, in Node and Bun. It runs in the caller's
 * thread. WebCrypto's runs in the thread pool, where it waits behind password hashes, files and the DNS.
 *
 * @returns undefined if jose must check signatures: without such a module, if the module fails a known example, and in
 *   Deno, whose `node:crypto` takes longer than its WebCrypto.
 */
export function createSignatureCheck(key: Point): SignatureCheck | undefined {
  isTrusted ??= !('Deno' in globalThis) && passesExample()
  return isTrusted ? tryToCheckWith(key) : undefined
}

/** Emulations of `node:crypto` may ignore that the signature is not in DER. */
function passesExample(): boolean {
  const check = tryToCheckWith(EXAMPLE.key)
  if (!check) return false
  try {
    const signature = base64url.decode(EXAMPLE.signature)
    return check(EXAMPLE.signed, signature) && !check(`${EXAMPLE.signed}A`, signature)
  } catch {
    return false
  }
}

function tryToCheckWith({ x, y }: Point): SignatureCheck | undefined {
  const crypto = nodeCrypto()
  const { verify, createPublicKey } = crypto ?? {}
  if (typeof verify !== 'function' || typeof createPublicKey !== 'function') return undefined
  try {
    const jwk = { kty: 'EC', crv: 'P-256', x, y }
    const key: unknown = Reflect.apply(createPublicKey, crypto, [{ key: jwk, format: 'jwk' }])
    const how = { key, dsaEncoding: 'ieee-p1363' }
    return (signed, signature) =>
      signature.length === SIGNATURE_LENGTH &&
      Reflect.apply(verify, crypto, ['sha256', encoder.encode(signed), how, signature]) === true
  } catch {
    return undefined
  }
}
