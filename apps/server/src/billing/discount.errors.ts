import { DomainError } from '../platform/errors/errors.ts'

const MESSAGES = {
  unknown: 'This code does not exist. Check its spelling.',
  ended: 'This code has expired or was used up.',
  'other-plan': 'This code is for another plan.',
  'other-currency': 'This code is for another currency.',
  'minimum-amount': 'This code needs a larger purchase.',
  'first-time': 'This code is only for a first purchase.',
  'same-plan': 'This code needs a change to another plan. Leave the code out.',
  'ends-before': 'This code ends before the change takes effect. Leave the code out.',
} as const

export class CodeNotValid extends DomainError {
  static readonly when =
    'The promotion code is unknown, expired, used up, or not for this plan, currency, amount or customer. The message says which.'
  readonly reason = 'CODE_NOT_VALID'
  readonly code = 'BAD_REQUEST'

  constructor(why: keyof typeof MESSAGES, options?: { cause: unknown }) {
    super(MESSAGES[why])
    this.cause = options?.cause
  }
}

export class DiscountNotFound extends DomainError {
  static readonly when = 'There is no discount with this id, or it is not finished.'
  readonly reason = 'DISCOUNT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This discount does not exist.')
  }
}

export class DiscountCodeTaken extends DomainError {
  static readonly when =
    'An active promotion code is the same, here or at the provider. Choose another code, or end that one.'
  readonly reason = 'DISCOUNT_CODE_TAKEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('A promotion code with this name already exists. Choose another one.')
  }
}

export class DiscountEnded extends DomainError {
  static readonly when = 'The discount has ended, so it can neither be ended again nor given to a subscription.'
  readonly reason = 'DISCOUNT_ENDED'
  readonly code = 'CONFLICT'

  constructor() {
    super('This discount has ended.')
  }
}
