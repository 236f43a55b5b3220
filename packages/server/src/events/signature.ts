import { TollgateMisuse } from '../errors.ts'

/** Why a delivery is not genuine. */
export type SignatureProblem = 'its headers are missing' | 'it is too old or too new' | 'its signature is wrong'

interface Delivery {
  readonly headers: { get(name: string): string | null }
  readonly body: Uint8Array
}

const MAXIMUM_SIGNATURES = 10
const SHORTEST_SECRET = 16

/**
 * Checks a delivery as Standard Webhooks says. WebCrypto compares in constant time.
 *
 * @param how.tolerance in milliseconds.
 * @returns null for a genuine delivery.
 * @throws {TollgateMisuse} if a secret is malformed.
 */
export async function problemOf(
  { headers, body }: Delivery,
  secrets: readonly string[],
  how: { readonly now: number; readonly tolerance: number },
): Promise<SignatureProblem | null> {
  if (secrets.length === 0) throw new TollgateMisuse('secret is missing.')
  const keys = await Promise.all(secrets.map((secret) => importSecret(secret)))
  const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers.get(`webhook-${name}`))
  if (!id || !timestamp || !signatures || !/^\d{1,15}$/.test(timestamp)) return 'its headers are missing'
  if (Math.abs(how.now - Number(timestamp) * 1000) > how.tolerance) return 'it is too old or too new'
  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), body)
  for (const text of signatures.split(' ').slice(0, MAXIMUM_SIGNATURES)) {
    const signature = text.startsWith('v1,') ? fromBase64(text.slice(3)) : undefined
    if (!signature) continue
    for (const key of keys) if (await crypto.subtle.verify('HMAC', key, signature, signed)) return null
  }
  return 'its signature is wrong'
}

async function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith('whsec_') ? fromBase64(secret.slice(6)) : undefined
  if (!bytes || bytes.length < SHORTEST_SECRET) {
    throw new TollgateMisuse('secret must be the secret of a webhook endpoint: whsec_ and base64.')
  }
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0)
  } catch {
    return undefined
  }
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
