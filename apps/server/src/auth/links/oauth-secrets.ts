import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { FlowSecrets } from '../providers/provider.ts'

/** Creates 256 random bits, as text for a URL or a cookie. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** The hash under which a secret is stored. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/**
 * The same for an app that links an account. Servers from before 2026-12-01 don't find what is stored under it. In a
 * rolling deploy, one of them would otherwise link at the callback, in a browser that anyone may have opened the URL in.
 */
export const linkHashOf = (secret: string): string => hashOf(`link:${secret}`)

/**
 * Derives a flow's PKCE verifier and nonce from the browser's secret and the state, so they need not be stored. Another
 * browser, or another state, gives different ones.
 */
export function flowSecrets(browserSecret: string, state: string): FlowSecrets {
  const derive = (purpose: string) =>
    createHmac('sha256', browserSecret).update(`${purpose}\n${state}`).digest('base64url')
  return { state, codeVerifier: derive('code verifier'), nonce: derive('nonce') }
}
