import { DomainError } from '../platform/errors/errors.ts'

/** A hook of the server's configuration decides who may buy what. */
export class CheckoutDenied extends DomainError {
  static readonly when =
    'The server’s configuration does not let this account buy the plan. The message says why. Nothing was charged or changed.'
  readonly reason = 'CHECKOUT_DENIED'
  readonly code = 'FORBIDDEN'

  /** @param message the words of the configuration. */
  constructor(message = 'You cannot buy this plan.') {
    super(message)
  }
}
