import { DomainError } from '../platform/errors/errors.ts'

export class ServiceKeyNotFound extends DomainError {
  static readonly when = 'There is no service key with this id.'
  readonly reason = 'SERVICE_KEY_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This service key does not exist.')
  }
}
