import type { KeyRing } from '../state/key-ring.ts'
import type { SecretKeyRow } from '../state/rows/secret-key.ts'
import { StripeApiError, unauthorized } from './errors.ts'

/**
 * Checks the API key: `Authorization: Bearer sk_test_…`, or Basic with the key as the user name.
 *
 * @throws {StripeApiError} 401, in Stripe's words, for a missing, wrong, replaced or live key.
 */
export function authenticate(header: string | undefined, keys: KeyRing): SecretKeyRow {
  const key = secretKeyFrom(header)
  if (!key) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    )
  }
  if (/^[sr]k_live_/.test(key))
    throw unauthorized('This is a sandbox: it accepts only test mode keys, never a live key.')
  const known = keys.find(key)
  if (!known) throw unauthorized(`Invalid API Key provided: ${masked(key)}`)
  if (known.expired) throw unauthorized(`Expired API Key provided: ${masked(key)}`, 'api_key_expired')
  return known
}

/**
 * Checks the `Stripe-Account` header: no account is connected to another one.
 *
 * @throws {StripeApiError} 403 for any account but that of the key.
 */
export function refuseConnected(header: string | undefined, { id: key, account }: SecretKeyRow): void {
  if (header === undefined || header === '' || header === account) return
  throw new StripeApiError(403, {
    type: 'invalid_request_error',
    code: 'account_invalid',
    message: `The provided key '${masked(key)}' does not have access to account '${header}' (or that account does not exist). Application access may have been revoked.`,
  })
}

export function secretKeyFrom(header = ''): string | undefined {
  const [scheme, credentials] = header.split(' ')
  if (!credentials) return undefined
  if (scheme?.toLowerCase() === 'bearer') return credentials
  if (scheme?.toLowerCase() === 'basic') return Buffer.from(credentials, 'base64').toString('utf8').split(':')[0]
  return undefined
}

function masked(key: string): string {
  return `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`
}
