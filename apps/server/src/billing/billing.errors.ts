import { DomainError } from '../platform/errors/errors.ts'

export class PlanNotFound extends DomainError {
  readonly reason = 'PLAN_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This plan does not exist or is not for sale.')
  }
}

/** A plan keeps its code forever, even when it is retired, because invoices and links use the code. */
export class PlanCodeTaken extends DomainError {
  readonly reason = 'PLAN_CODE_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('A plan with this code already exists. Choose another code.')
  }
}

export class PlanInactive extends DomainError {
  readonly reason = 'PLAN_INACTIVE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This plan is retired and can no longer be changed.')
  }
}

export class AlreadySubscribed extends DomainError {
  readonly reason = 'ALREADY_SUBSCRIBED'
  readonly code = 'CONFLICT'

  constructor(message = 'You already have a subscription. Change it instead.') {
    super(message)
  }
}

export class NoSubscription extends DomainError {
  readonly reason = 'NO_SUBSCRIPTION'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('You do not have a subscription.')
  }
}

export class SamePlan extends DomainError {
  readonly reason = 'SAME_PLAN'
  readonly code = 'CONFLICT'

  constructor() {
    super('You already have this plan.')
  }
}

export class NotAnUpgrade extends DomainError {
  readonly reason = 'NOT_AN_UPGRADE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This plan is not an upgrade from yours. Change your plan instead.')
  }
}

/** The customer owes money. They must pay before they can move to another plan. */
export class PaymentDue extends DomainError {
  readonly reason = 'PAYMENT_DUE'
  readonly code = 'CONFLICT'

  constructor() {
    super('A payment is due. Pay it before you change plans.')
  }
}

export class CurrencyMismatch extends DomainError {
  readonly reason = 'CURRENCY_MISMATCH'
  readonly code = 'CONFLICT'

  constructor(message = 'This plan uses a different currency than your subscription. Choose a plan in your currency.') {
    super(message)
  }
}

export class PaymentFailed extends DomainError {
  readonly reason = 'PAYMENT_FAILED'
  readonly code = 'PAYMENT_REQUIRED'

  constructor() {
    super('Your card was declined. Nothing was charged, and your plan has not changed. Try another card.')
  }
}

export class PaymentMethodRequired extends DomainError {
  readonly reason = 'PAYMENT_METHOD_REQUIRED'
  readonly code = 'CONFLICT'

  constructor() {
    super('You have no card on file. Add one first.')
  }
}

/** The preview was never given, is too old, or no longer shows what would be charged. */
export class PreviewStale extends DomainError {
  readonly reason = 'PREVIEW_STALE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This preview has expired or the amount has changed. Preview the change again.')
  }
}

export class AlreadyCanceling extends DomainError {
  readonly reason = 'ALREADY_CANCELING'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription is already set to cancel.')
  }
}

export class NotCanceling extends DomainError {
  readonly reason = 'NOT_CANCELING'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription is not set to cancel.')
  }
}

/** The subscription's provider cannot do what was asked; an admin's grant, for example, cannot change plans. */
export class ProviderUnsupported extends DomainError {
  readonly reason = 'PROVIDER_UNSUPPORTED'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription cannot be changed this way. Choose a plan on the checkout page instead.')
  }
}

/** The user has no access, or their plan has too low a tier. */
export class PlanRequired extends DomainError {
  readonly reason = 'PLAN_REQUIRED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Your plan does not include this. Choose a higher plan.')
  }
}

/** The user never opened a checkout page, so the payment provider has no customer for them. */
export class NoCustomer extends DomainError {
  readonly reason = 'NO_CUSTOMER'
  readonly code = 'NOT_FOUND'

  constructor() {
    super("You don't have a subscription to manage yet.")
  }
}

export class SubscriptionNotFound extends DomainError {
  readonly reason = 'SUBSCRIPTION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This subscription does not exist.')
  }
}

export class PaymentNotFound extends DomainError {
  readonly reason = 'PAYMENT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This payment does not exist.')
  }
}

/** The payment was not paid, is disputed, or is already refunded in full. */
export class NotRefundable extends DomainError {
  readonly reason = 'NOT_REFUNDABLE'
  readonly code = 'CONFLICT'

  constructor(options?: { cause: unknown }) {
    super('This payment cannot be refunded: it was not paid, is disputed, or is already refunded.')
    this.cause = options?.cause
  }
}

export class EventNotFound extends DomainError {
  readonly reason = 'EVENT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This event does not exist.')
  }
}

/** The checkout session is unknown or belongs to another user. The answer does not say which. */
export class CheckoutNotFound extends DomainError {
  readonly reason = 'SESSION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This checkout does not exist.')
  }
}

/** The provider was down, too slow, or refused. Either nothing happened, or a repeat finds what was done. */
export class PaymentProviderError extends DomainError {
  readonly reason = 'PAYMENT_PROVIDER_ERROR'
  readonly code = 'BAD_GATEWAY'

  constructor(options?: { cause: unknown }) {
    super('The payment provider did not respond as expected. Nothing was charged. Please try again.')
    this.cause = options?.cause
  }

  /** Whether the provider is unreachable or cannot serve any call now. Otherwise it refused only this call. */
  isOutage(): boolean {
    const status = this.cause instanceof Error && 'statusCode' in this.cause ? Number(this.cause.statusCode) : 0
    return !(status >= 400 && status < 500) || status === 429
  }
}

/** A webhook call with a bad signature, an expired signature, or a body that is not an event. */
export class BadWebhook extends DomainError {
  readonly reason = 'INVALID_WEBHOOK'
  readonly code = 'BAD_REQUEST'
}
