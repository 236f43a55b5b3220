import Stripe from 'stripe'

/** Failures that Stripe has kept for one and the same thing; more of them is no bad luck any more. */
const TRIES = 10

interface Making<T> {
  /** Made from a row of ours. */
  key: string
  make(idempotencyKey: string): Promise<T>
  /** Looks at Stripe for what an earlier call has made; null when it has made nothing. */
  find(): Promise<T | null>
}

/**
 * Makes something at Stripe once for each key of ours, also when Stripe has kept a failure under that key: it would
 * give the same answer for a day. Then what that call may have made all the same is looked for, and only if there is
 * nothing the next key is tried.
 *
 * The keys follow from the first one, so that simultaneous calls go through the same ones in the same order, and none
 * makes a second one. A failure that Stripe does not say to have kept proves nothing, for the call may still run: it is
 * left to a repeat, under the same key.
 *
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export async function createOnce<T>({ key, make, find }: Making<T>): Promise<T> {
  for (let spent = 0; ; spent += 1) {
    try {
      return await make(spent === 0 ? key : `${key}#${spent}`)
    } catch (error) {
      if (!isKept(error) || spent >= TRIES) throw error
      const made = await find()
      if (made !== null) return made
    }
  }
}

/** Whether this key gives nothing else any more: it has a failure, or an answer to a call that said something else. */
function isKept(error: unknown): boolean {
  if (error instanceof Stripe.errors.StripeIdempotencyError) return true
  if (!(error instanceof Stripe.errors.StripeError)) return false
  return (error.statusCode ?? 0) >= 500 && error.headers?.['idempotent-replayed'] === 'true'
}
