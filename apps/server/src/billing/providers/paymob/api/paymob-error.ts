import { PaymentProviderError } from '../../../billing.errors.ts'

/** Paymob answered with an error. Its errors have no common shape, so the answer is kept as text for the log. */
export class PaymobError extends Error {
  /** Read by `PaymentProviderError.isOutage`. */
  readonly statusCode: number
  /** The beginning of the answer, without secrets. */
  readonly answer: string

  constructor(what: string, statusCode: number, answer: string) {
    super(`Paymob answered ${statusCode} to ${what}: ${answer}`)
    this.name = 'PaymobError'
    this.statusCode = statusCode
    this.answer = answer
  }
}

/** The error that Paymob answered with; null if there was another one. */
export function refusalOf(error: unknown): PaymobError | null {
  const cause = error instanceof PaymentProviderError ? error.cause : error
  return cause instanceof PaymobError ? cause : null
}

/** For `catch`: null if Paymob does not know the object. Every other error is thrown again. */
export function nullIfMissing(error: unknown): null {
  if (refusalOf(error)?.statusCode === 404) return null
  throw error
}

/** Whether Paymob understood the call and refused it, so that it had no effect. */
export function isRefused(error: unknown): boolean {
  const status = refusalOf(error)?.statusCode ?? 0
  return status === 400 || status === 404 || status === 409 || status === 422
}

/** An error with a sentence for the log. */
export function providerError(message: string): PaymentProviderError {
  return new PaymentProviderError({ cause: new Error(message) })
}
