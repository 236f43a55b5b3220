import { AsyncLocalStorage } from 'node:async_hooks'
import Stripe from 'stripe'
import { DomainError } from '../../platform/errors/errors.ts'
import { PaymentProviderError } from '../billing.errors.ts'

/** The moment, by `performance.now()`, at which whatever is being done has to be through with Stripe. */
const deadlines = new AsyncLocalStorage<number>()

/** Limits all calls that are made in `work` together to so many milliseconds. */
export function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  return deadlines.run(performance.now() + ms, work)
}

/** Whatever goes wrong on the way to Stripe becomes one error of ours; the cause is for the log. */
export async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await inTime(call)
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw new PaymentProviderError({ cause: error })
  }
}

/** A call that is given up may still be executed; that is what idempotency keys and convergence are for. */
async function inTime<T>(call: () => Promise<T>): Promise<T> {
  const deadline = deadlines.getStore()
  if (deadline === undefined) return call()
  const left = deadline - performance.now()
  if (left <= 0) throw new Error('The time for calls to Stripe is used up.')

  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('Stripe took too long.')), left)
  try {
    return await Promise.race([call(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** For `catch`: what Stripe does not know is null, everything else stays an error. */
export function orNull(error: unknown): null {
  const cause = error instanceof PaymentProviderError ? error.cause : undefined
  if (cause instanceof Stripe.errors.StripeInvalidRequestError && cause.code === 'resource_missing') return null
  throw error
}
