import { DomainError } from '../platform/errors/errors.ts'

export class JobNotFound extends DomainError {
  static readonly when = 'There is no failed job with this id.'
  readonly reason = 'JOB_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This job is not among the failed jobs. It may have been retried already.')
  }
}
