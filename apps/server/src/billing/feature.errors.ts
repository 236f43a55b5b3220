import { DomainError } from '../platform/errors/errors.ts'

export class OverrideNotFound extends DomainError {
  static readonly when = 'The account has no override for this feature.'
  readonly reason = 'OVERRIDE_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This account has no override for this feature.')
  }
}
