import { DomainError } from '../platform/errors/errors.ts'

export class OverrideNotFound extends DomainError {
  static readonly when = 'The account has no override for this feature.'
  readonly reason = 'OVERRIDE_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This account has no override for this feature.')
  }
}

export class FeatureNotFound extends DomainError {
  static readonly when = 'No plan has a feature of this name, and no account has an override of it. Check the spelling.'
  readonly reason = 'FEATURE_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such feature.')
  }
}

export class PlanRequired extends DomainError {
  static readonly when =
    'The caller has no access, or a plan of a lower tier than this needs. `unlockedBy` has the cheapest plan of that tier.'
  readonly reason = 'PLAN_REQUIRED'
  readonly code = 'FORBIDDEN'
  override readonly unlockedBy: { planCode: string } | undefined

  constructor(unlockedBy: { planCode: string } | null = null) {
    super('Your plan does not include this. Choose a higher plan.')
    this.unlockedBy = unlockedBy ?? undefined
  }
}

export class FeatureRequired extends DomainError {
  static readonly when =
    'The plan does not include the feature, or its limit is used up. `unlockedBy` has the cheapest plan that allows it.'
  readonly reason = 'FEATURE_REQUIRED'
  readonly code = 'FORBIDDEN'
  override readonly unlockedBy: { planCode: string } | undefined

  constructor(unlockedBy: { planCode: string } | null = null) {
    super('Your plan does not include this, or you have used all of it. Choose a higher plan.')
    this.unlockedBy = unlockedBy ?? undefined
  }
}

export class UsageKeyReused extends DomainError {
  static readonly when = 'The key was used before with another feature, amount, or `reserve`. Nothing was counted.'
  readonly reason = 'USAGE_KEY_REUSED'
  readonly code = 'CONFLICT'

  constructor() {
    super('This key was used before for something else. Use a new key.')
  }
}

export class ReservationNotFound extends DomainError {
  static readonly when = 'The account has no such reservation.'
  readonly reason = 'RESERVATION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no such reservation.')
  }
}

export class ReservationClosed extends DomainError {
  static readonly when = 'The reservation was given back, or settled with another amount. Nothing has changed.'
  readonly reason = 'RESERVATION_CLOSED'
  readonly code = 'CONFLICT'

  constructor() {
    super('This reservation is closed already.')
  }
}
