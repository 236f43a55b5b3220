import { createHmac } from 'node:crypto'

/**
 * The `Stripe-Signature` header for a body, with one `v1` per secret, so that the old and the new one verify during a
 * roll.
 *
 * @param timestamp seconds since 1970 by the wall clock, not by the sandbox's: receivers check its age.
 * @see https://docs.stripe.com/webhooks#verify-manually
 */
export function signatureHeader(body: string, secrets: readonly string[], timestamp: number): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  )
  return [`t=${timestamp}`, ...signatures].join(',')
}
