import { DomainError } from '../platform/errors/errors.ts'

export class CursorTooOld extends DomainError {
  static readonly when =
    'Events after this cursor have been deleted (`RETAIN_FEED`). Get a cursor with `after=latest`, then read the present state of what you keep, and go on from that cursor.'
  readonly reason = 'CURSOR_TOO_OLD'
  readonly code = 'CONFLICT'

  constructor() {
    super(
      'Events after this cursor have been deleted. Get a new cursor with after=latest, and read the present state again.',
    )
  }
}

export class CursorUnknown extends DomainError {
  static readonly when =
    'The feed has not reached this cursor: it is from another installation, or from after the backup that was restored. Do as for `CURSOR_TOO_OLD`.'
  readonly reason = 'CURSOR_UNKNOWN'
  readonly code = 'CONFLICT'

  constructor() {
    super('This cursor is not from this feed. Get a new cursor with after=latest, and read the present state again.')
  }
}
