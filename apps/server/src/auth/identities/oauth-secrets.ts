import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { FlowSecrets } from '../providers/provider.ts'

/** 256 random bits, as text for an address or a cookie. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What stands for a secret in the database. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/**
 * Makes a flow's PKCE verifier and nonce from the browser's secret and the state: they need not be stored, and another
 * browser, or another state of this browser, makes other ones.
 */
export function flowSecrets(browserSecret: string, state: string): FlowSecrets {
  const derive = (purpose: string) =>
    createHmac('sha256', browserSecret).update(`${purpose}\n${state}`).digest('base64url')
  return { state, codeVerifier: derive('code verifier'), nonce: derive('nonce') }
}
