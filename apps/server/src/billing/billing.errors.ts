import { DomainError } from '../platform/errors/errors.ts'

export class PlanNotFound extends DomainError {
  static readonly when = 'There is no such plan, or it is not on sale.'
  readonly reason = 'PLAN_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This plan does not exist or is not for sale.')
  }
}

/** A plan keeps its code forever, even when it is retired, because invoices and links use the code. */
export class PlanCodeTaken extends DomainError {
  static readonly when = 'A plan has this code already, perhaps a retired one. Choose another code.'
  readonly reason = 'PLAN_CODE_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('A plan with this code already exists. Choose another code.')
  }
}

export class PlanInactive extends DomainError {
  static readonly when = "The plan is retired, so it can't be changed or retired again."
  readonly reason = 'PLAN_INACTIVE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This plan is retired and can no longer be changed.')
  }
}

export class TooManyMembers extends DomainError {
  static readonly when = 'The account has more members than the plan has seats.'
  readonly reason = 'SEAT_LIMIT'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your account has more members than this plan allows. Remove members, or choose a larger plan.')
  }
}

export class AlreadySubscribed extends DomainError {
  static readonly when = 'The account already has a subscription. Change it instead of starting another.'
  readonly reason = 'ALREADY_SUBSCRIBED'
  readonly code = 'CONFLICT'

  constructor(message = 'You already have a subscription. Change it instead.') {
    super(message)
  }
}

export class NoSubscription extends DomainError {
  static readonly when = 'The account has no subscription.'
  readonly reason = 'NO_SUBSCRIPTION'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('You do not have a subscription.')
  }
}

export class SamePlan extends DomainError {
  static readonly when = 'The subscription is already on this plan.'
  readonly reason = 'SAME_PLAN'
  readonly code = 'CONFLICT'

  constructor() {
    super('You already have this plan.')
  }
}

export class NotAnUpgrade extends DomainError {
  static readonly when = 'The plan is not above the current one. Use `billing.subscriptions.change` to move to it.'
  readonly reason = 'NOT_AN_UPGRADE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This plan is not an upgrade from yours. Change your plan instead.')
  }
}

export class PaymentDue extends DomainError {
  static readonly when = 'A payment is open. Pay it before you change the plan.'
  readonly reason = 'PAYMENT_DUE'
  readonly code = 'CONFLICT'

  constructor() {
    super('A payment is due. Pay it before you change plans.')
  }
}

export class SubscriptionPaused extends DomainError {
  static readonly when = 'An operator has paused the collection of payments, so a change would not be paid.'
  readonly reason = 'SUBSCRIPTION_PAUSED'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription is paused. You can change plans once it continues.')
  }
}

export class CurrencyMismatch extends DomainError {
  static readonly when =
    'The plan has another currency than the customer pays in. Stripe allows one currency per customer.'
  readonly reason = 'CURRENCY_MISMATCH'
  readonly code = 'CONFLICT'

  constructor(message = 'This plan uses a different currency than your subscription. Choose a plan in your currency.') {
    super(message)
  }
}

export class PaymentFailed extends DomainError {
  static readonly when = 'The card was declined. The plan stays as it was, and nothing was charged.'
  readonly reason = 'PAYMENT_FAILED'
  readonly code = 'PAYMENT_REQUIRED'

  constructor() {
    super('Your card was declined. Nothing was charged, and your plan has not changed. Try another card.')
  }
}

export class PaymentMethodRequired extends DomainError {
  static readonly when = 'There is no card on file. Add one in the portal, or use a checkout.'
  readonly reason = 'PAYMENT_METHOD_REQUIRED'
  readonly code = 'CONFLICT'

  constructor() {
    super('You have no card on file. Add one first.')
  }
}

export class PreviewStale extends DomainError {
  static readonly when =
    'The preview is older than 10 minutes, was never given, or no longer shows what would be charged. Preview again.'
  readonly reason = 'PREVIEW_STALE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This preview has expired or the amount has changed. Preview the change again.')
  }
}

export class AddOnConflict extends DomainError {
  static readonly when =
    "An add-on can't be combined with the plan: it has another billing interval, or it is archived and no checkout page can sell it. If it is archived, use `billing.subscriptions.change`."
  readonly reason = 'ADD_ON_CONFLICT'
  readonly code = 'CONFLICT'

  constructor(cause: 'interval' | 'withdrawn') {
    super(
      cause === 'interval'
        ? 'One of your add-ons is charged at a different interval than this plan. Choose another plan, or contact support.'
        : 'One of your add-ons is no longer sold, so no checkout page can include it. Change your plan without one.',
    )
  }
}

export class AlreadyCanceling extends DomainError {
  static readonly when = 'The subscription is already set to cancel. To change the plan, resume the subscription first.'
  readonly reason = 'ALREADY_CANCELING'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription is already set to cancel.')
  }
}

export class NotCanceling extends DomainError {
  static readonly when = 'The subscription is not set to cancel, or its time is over, so there is nothing to undo.'
  readonly reason = 'NOT_CANCELING'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription is not set to cancel.')
  }
}

export class ProviderUnsupported extends DomainError {
  static readonly when =
    "The payment provider of the plan or the subscription can't do this, or is not set up. The message says what to do instead."
  readonly reason = 'PROVIDER_UNSUPPORTED'
  readonly code = 'CONFLICT'

  constructor(message = 'Your subscription cannot be changed this way. Choose a plan on the checkout page instead.') {
    super(message)
  }
}

export class NoCustomer extends DomainError {
  static readonly when = 'The account has never started a checkout, so the portal has nothing to show.'
  readonly reason = 'NO_CUSTOMER'
  readonly code = 'NOT_FOUND'

  constructor() {
    super("You don't have a subscription to manage yet.")
  }
}

export class SubscriptionNotFound extends DomainError {
  static readonly when = 'There is no subscription with this id.'
  readonly reason = 'SUBSCRIPTION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This subscription does not exist.')
  }
}

export class PaymentNotFound extends DomainError {
  static readonly when = 'There is no payment with this id.'
  readonly reason = 'PAYMENT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This payment does not exist.')
  }
}

export class NotRefundable extends DomainError {
  static readonly when = 'The payment was not paid, is disputed, or is already refunded in full.'
  readonly reason = 'NOT_REFUNDABLE'
  readonly code = 'CONFLICT'

  constructor(options?: { cause: unknown }) {
    super('This payment cannot be refunded: it was not paid, is disputed, or is already refunded.')
    this.cause = options?.cause
  }
}

export class EventNotFound extends DomainError {
  static readonly when = 'There is no webhook event with this id.'
  readonly reason = 'EVENT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This event does not exist.')
  }
}

/** The checkout session is unknown or belongs to another account. The answer does not say which. */
export class CheckoutNotFound extends DomainError {
  static readonly when = 'The caller has no such checkout (`billing.subscriptions.sync`).'
  readonly reason = 'SESSION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This checkout does not exist.')
  }
}

export class PaymentProviderError extends DomainError {
  static readonly when =
    'The payment provider failed, refused, or did not answer in time. Try again: a repeat finishes what was begun.'
  readonly reason = 'PAYMENT_PROVIDER_ERROR'
  readonly code = 'BAD_GATEWAY'

  constructor(options?: { cause: unknown }) {
    super('The payment provider did not respond as expected. Nothing was charged. Please try again.')
    this.cause = options?.cause
  }

  /** Whether the provider is unreachable or cannot serve any call now. Otherwise it refused only this call. */
  isOutage(): boolean {
    const status = this.#status()
    return !(status >= 400 && status < 500) || this.isRefusingAll()
  }

  /** Whether the provider has answered that it takes no call now: our key is refused, or we call too often. */
  isRefusingAll(): boolean {
    return [401, 403, 429].includes(this.#status())
  }

  /** Whether the provider has refused this call for good: a repeat gets the same answer. */
  isRefusal(): boolean {
    return [400, 402, 404].includes(this.#status())
  }

  #status(): number {
    return this.cause instanceof Error && 'statusCode' in this.cause ? Number(this.cause.statusCode) : 0
  }
}

export class BadWebhook extends DomainError {
  static readonly when = 'A webhook call has no valid signature, is too old, or is not an event. Nothing was stored.'
  readonly reason = 'INVALID_WEBHOOK'
  readonly code = 'BAD_REQUEST'
}
