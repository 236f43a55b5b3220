import { DomainError } from '../platform/errors/errors.ts'

export class MailNotFound extends DomainError {
  static readonly when = 'There is no mail with this id.'
  readonly reason = 'MAIL_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no mail with this id. Old ones are deleted.')
  }
}

export class MailNotResendable extends DomainError {
  static readonly when = 'The mail can not be sent again: `admin.mails.get` says why.'
  readonly reason = 'MAIL_NOT_RESENDABLE'
  readonly code = 'CONFLICT'

  constructor() {
    super('This mail can not be sent again. Its page says why.')
  }
}

export class FindingNotFound extends DomainError {
  static readonly when = 'There is no open finding with this id.'
  readonly reason = 'FINDING_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('There is no open finding with this id. It may have been resolved already.')
  }
}

export class JobNotFound extends DomainError {
  static readonly when = 'There is no failed job with this id.'
  readonly reason = 'JOB_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This job is not among the failed jobs. It may have been retried already.')
  }
}
