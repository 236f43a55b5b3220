import { DomainError } from '../platform/errors/errors.ts'

export class EndpointNotFound extends DomainError {
  static readonly when = 'There is no webhook endpoint with this id.'
  readonly reason = 'WEBHOOK_ENDPOINT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This webhook endpoint does not exist.')
  }
}

export class TooManyEndpoints extends DomainError {
  static readonly when = 'There are 20 webhook endpoints already. Delete one first.'
  readonly reason = 'TOO_MANY_WEBHOOK_ENDPOINTS'
  readonly code = 'CONFLICT'

  constructor() {
    super('There are 20 webhook endpoints already. Delete one first.')
  }
}

export class EndpointOff extends DomainError {
  static readonly when = 'The webhook endpoint of the delivery is off. Switch it on first.'
  readonly reason = 'WEBHOOK_ENDPOINT_OFF'
  readonly code = 'CONFLICT'

  constructor() {
    super('This webhook endpoint is off. Switch it on first.')
  }
}

export class DeliveryNotFound extends DomainError {
  static readonly when = 'There is no webhook delivery with this id. Old ones are deleted with their events.'
  readonly reason = 'WEBHOOK_DELIVERY_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This webhook delivery does not exist. Old ones are deleted.')
  }
}
