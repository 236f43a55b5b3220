import { DomainError } from '../platform/errors.ts'

export class PlanNotFound extends DomainError {
  readonly reason = 'PLAN_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such plan.')
  }
}

export class AlreadySubscribed extends DomainError {
  readonly reason = 'ALREADY_SUBSCRIBED'
  readonly code = 'CONFLICT'

  constructor() {
    super('You have a subscription already. To move to another plan, change it.')
  }
}

/** A checkout session that is unknown, or somebody else's: the caller is not told which. */
export class CheckoutNotFound extends DomainError {
  readonly reason = 'SESSION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such checkout.')
  }
}

/** The provider was down, slow or refused; what was asked did not happen, or will be found finished by a repeat. */
export class PaymentProviderError extends DomainError {
  readonly reason = 'PAYMENT_PROVIDER_ERROR'
  readonly code = 'BAD_GATEWAY'

  constructor(options?: { cause: unknown }) {
    super('The payment provider did not answer as it should. Nothing was charged; please try again.')
    this.cause = options?.cause
  }
}

/** A webhook call that nobody but its sender has to do with: bad signature, too old, or not an event. */
export class BadWebhook extends DomainError {
  readonly reason = 'INVALID_WEBHOOK'
  readonly code = 'BAD_REQUEST'
}
