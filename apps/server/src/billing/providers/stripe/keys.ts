import Stripe from 'stripe'

/** Maximum number of idempotency keys with a stored failure to skip before giving up. */
const MAX_SPOILED_KEYS = 10

interface Creation<T> {
  /** Derived from our row. */
  key: string
  make(idempotencyKey: string): Promise<T>
  /** Looks for what an earlier call created at Stripe. Returns null if it created nothing. */
  find(): Promise<T | null>
}

/**
 * Creates something at Stripe once per key, even if Stripe has stored a failure under the key. Stripe would return that
 * failure for a day. So this looks for what the failed call may have created, and tries the next key if there is
 * nothing.
 *
 * All keys derive from the first, so simultaneous calls use the same keys in the same order and create only one object.
 * A failure that Stripe does not mark as stored is thrown: the call may still be running, so a repeat must use its key.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export async function createOnce<T>({ key, make, find }: Creation<T>): Promise<T> {
  for (let spent = 0; ; spent += 1) {
    try {
      return await make(spent === 0 ? key : `${key}#${spent}`)
    } catch (error) {
      if (!isSpoiled(error) || spent >= MAX_SPOILED_KEYS) throw error
      const made = await find()
      if (made !== null) return made
    }
  }
}

/** Whether the key is of no more use: Stripe has stored a failure under it, or an answer to different parameters. */
function isSpoiled(error: unknown): boolean {
  if (error instanceof Stripe.errors.StripeIdempotencyError) return true
  if (!(error instanceof Stripe.errors.StripeError)) return false
  return (error.statusCode ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true'
}
