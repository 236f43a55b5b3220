import { DomainError } from '../platform/errors/errors.ts'

export class CardNotFound extends DomainError {
  static readonly when = 'The subscription has no card with this id.'
  readonly reason = 'CARD_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('Your subscription has no such card.')
  }
}

export class CardInUse extends DomainError {
  static readonly when = 'The subscription is charged to this card. If there is only one card, it is that one.'
  readonly reason = 'CARD_IN_USE'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your subscription is charged to this card. Use another card for it first.')
  }
}
