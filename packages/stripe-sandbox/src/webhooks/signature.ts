import { createHmac } from 'node:crypto'

/**
 * The `Stripe-Signature` header for a body: one `v1` a secret, so that both verify while one is being rolled.
 *
 * @param timestamp seconds since 1970 by the wall clock, whatever the sandbox's clock says: receivers check its age.
 * @see https://docs.stripe.com/webhooks#verify-manually
 */
export function signatureHeader(body: string, secrets: readonly string[], timestamp: number): string {
  const signatures = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  )
  return [`t=${timestamp}`, ...signatures].join(',')
}
