import Stripe from 'stripe'
import { DomainError } from '../../../platform/errors/errors.ts'
import { PaymentProviderError } from '../../billing.errors.ts'

/**
 * Runs calls to Stripe within a time budget.
 *
 * @throws {PaymentProviderError} for everything that goes wrong on the way to Stripe; the cause is for the log.
 */
export type CallStripe = <T>(work: (stripe: Stripe) => Promise<T>) => Promise<T>

/** @param deadline by `performance.now()`: all calls have to be done by then. */
export function createCalls(stripe: Stripe, deadline: number): CallStripe {
  return async (work) => {
    try {
      return await inTime(deadline, () => work(stripe))
    } catch (error) {
      throw toProviderError(error)
    }
  }
}

function toProviderError(error: unknown): DomainError {
  return error instanceof DomainError ? error : new PaymentProviderError({ cause: error })
}

/** Stripe may still carry out a call that is given up here; idempotency keys and convergence allow for that. */
async function inTime<T>(deadline: number, work: () => Promise<T>): Promise<T> {
  const left = deadline - performance.now()
  if (left <= 0) throw new Error('The time budget for calls to Stripe is used up.')

  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('Stripe took too long.')), left)
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** For `catch`: null if Stripe does not know the object. Every other error is thrown again. */
export function nullIfMissing(error: unknown): null {
  const cause = error instanceof PaymentProviderError ? error.cause : error
  if (cause instanceof Stripe.errors.StripeInvalidRequestError && cause.code === 'resource_missing') return null
  throw error
}
