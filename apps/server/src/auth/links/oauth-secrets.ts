import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { FlowSecrets } from '../providers/provider.ts'

/** Creates 256 random bits, as text for a URL or a cookie. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** The hash under which a secret is stored. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/**
 * Derives a flow's PKCE verifier and nonce from the browser's secret and the state, so they need not be stored. Another
 * browser, or another state, gives different ones.
 */
export function flowSecrets(browserSecret: string, state: string): FlowSecrets {
  const derive = (purpose: string) =>
    createHmac('sha256', browserSecret).update(`${purpose}\n${state}`).digest('base64url')
  return { state, codeVerifier: derive('code verifier'), nonce: derive('nonce') }
}
