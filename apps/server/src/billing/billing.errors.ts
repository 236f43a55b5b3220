import { DomainError } from '../platform/errors/errors.ts'

export class PlanNotFound extends DomainError {
  readonly reason = 'PLAN_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such plan.')
  }
}

/** A code names one plan for ever, also a retired one: invoices and links go by it. */
export class PlanCodeTaken extends DomainError {
  readonly reason = 'PLAN_CODE_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('There is a plan with this code already.')
  }
}

export class PlanInactive extends DomainError {
  readonly reason = 'PLAN_INACTIVE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This plan has been retired.')
  }
}

export class AlreadySubscribed extends DomainError {
  readonly reason = 'ALREADY_SUBSCRIBED'
  readonly code = 'CONFLICT'

  constructor(message = 'You have a subscription already. To move to another plan, change it.') {
    super(message)
  }
}

export class NoSubscription extends DomainError {
  readonly reason = 'NO_SUBSCRIPTION'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('You have no subscription.')
  }
}

export class SamePlan extends DomainError {
  readonly reason = 'SAME_PLAN'
  readonly code = 'CONFLICT'

  constructor() {
    super('You are on this plan already.')
  }
}

export class NotAnUpgrade extends DomainError {
  readonly reason = 'NOT_AN_UPGRADE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This plan is not above yours. To move to it, change your plan.')
  }
}

/** Something is owed: nobody moves to another plan away from an unpaid bill. */
export class PaymentDue extends DomainError {
  readonly reason = 'PAYMENT_DUE'
  readonly code = 'CONFLICT'

  constructor() {
    super('A payment is due. Please settle it first.')
  }
}

export class CurrencyMismatch extends DomainError {
  readonly reason = 'CURRENCY_MISMATCH'
  readonly code = 'CONFLICT'

  constructor(message = 'This plan is sold in another currency than your subscription.') {
    super(message)
  }
}

export class PaymentFailed extends DomainError {
  readonly reason = 'PAYMENT_FAILED'
  readonly code = 'PAYMENT_REQUIRED'

  constructor() {
    super('Your card was declined. Your plan stays as it was, and nothing was charged.')
  }
}

export class PaymentMethodRequired extends DomainError {
  readonly reason = 'PAYMENT_METHOD_REQUIRED'
  readonly code = 'CONFLICT'

  constructor() {
    super('There is no card on file. Please add one first.')
  }
}

/** A preview that was never given, is too old, or no longer says what would be charged. */
export class PreviewStale extends DomainError {
  readonly reason = 'PREVIEW_STALE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This preview is no longer valid. Please look at the amount again.')
  }
}

export class AlreadyCanceling extends DomainError {
  readonly reason = 'ALREADY_CANCELING'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription is going to end already.')
  }
}

export class NotCanceling extends DomainError {
  readonly reason = 'NOT_CANCELING'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription is not going to end.')
  }
}

/** The way in which this subscription is paid can't do what was asked. */
export class ProviderUnsupported extends DomainError {
  readonly reason = 'PROVIDER_UNSUPPORTED'
  readonly code = 'CONFLICT'

  constructor() {
    super('This is not possible with the way your subscription is paid.')
  }
}

/** There is no access, or it is on a plan below what this is for. */
export class PlanRequired extends DomainError {
  readonly reason = 'PLAN_REQUIRED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Your plan does not include this. Please choose another one.')
  }
}

/** Somebody who never went to pay is nobody to the payment provider. */
export class NoCustomer extends DomainError {
  readonly reason = 'NO_CUSTOMER'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is nothing to look after yet: you have not subscribed to a plan so far.')
  }
}

export class SubscriptionNotFound extends DomainError {
  readonly reason = 'SUBSCRIPTION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such subscription.')
  }
}

export class PaymentNotFound extends DomainError {
  readonly reason = 'PAYMENT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such payment.')
  }
}

/** Not paid, disputed, or all paid back. */
export class NotRefundable extends DomainError {
  readonly reason = 'NOT_REFUNDABLE'
  readonly code = 'CONFLICT'

  constructor(options?: { cause: unknown }) {
    super('This payment can not be refunded: it was not paid, is disputed, or has been paid back.')
    this.cause = options?.cause
  }
}

export class EventNotFound extends DomainError {
  readonly reason = 'EVENT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such event.')
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

  /** Whether the provider can't be reached or can't do anything at the moment; else it has refused this one call. */
  isOutage(): boolean {
    const status = this.cause instanceof Error && 'statusCode' in this.cause ? Number(this.cause.statusCode) : 0
    return !(status >= 400 && status < 500) || status === 429
  }
}

/** A webhook call that nobody but its sender has to do with: bad signature, too old, or not an event. */
export class BadWebhook extends DomainError {
  readonly reason = 'INVALID_WEBHOOK'
  readonly code = 'BAD_REQUEST'
}
