import { nodeCrypto } from '../runtime.ts'

type Hash = (text: string) => string | Promise<string>

/**
 * The SHA-256 of a token, so that memory does not keep tokens that still open sessions.
 *
 * Node, Bun and Deno hash at once, which takes a microsecond. WebCrypto takes ten times that.
 */
export const tokenHash: Hash = builtIn() ?? withWebCrypto

function builtIn(): Hash | undefined {
  const crypto = nodeCrypto()
  if (typeof crypto?.['hash'] !== 'function') return undefined
  const { hash } = crypto
  return (text) => String(Reflect.apply(hash, crypto, ['sha256', text, 'base64']))
}

async function withWebCrypto(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return String.fromCharCode(...new Uint8Array(digest))
}
