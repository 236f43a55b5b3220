import { DomainError } from '../platform/errors/errors.ts'

export class PayLinkInvalid extends DomainError {
  static readonly when = 'The payment link is unknown.'
  readonly reason = 'TOKEN_INVALID'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This payment link is not valid. Open the link in our newest email, or log in to pay.')
  }
}

export class PayLinkExpired extends DomainError {
  static readonly when = 'The payment link is too old.'
  readonly reason = 'TOKEN_EXPIRED'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This payment link has expired. Open the link in our newest email, or log in to pay.')
  }
}
