import { DomainError } from '../platform/errors/errors.ts'

export class SwitchPending extends DomainError {
  static readonly when = 'A plan of another provider is scheduled to start. Cancel it first (`cancelUpcoming`).'
  readonly reason = 'SWITCH_PENDING'
  readonly code = 'CONFLICT'

  constructor() {
    super('A new plan begins when your present one ends. To do something else, cancel the new plan first.')
  }
}

export class SwitchTooLate extends DomainError {
  static readonly when = 'The current plan renews or ends within two days. Switch, or subscribe, after that.'
  readonly reason = 'SWITCH_TOO_LATE'
  readonly code = 'CONFLICT'

  constructor() {
    super('Your current plan renews or ends within two days. Choose this plan after that.')
  }
}

export class NotASwitch extends DomainError {
  static readonly when = 'The account pays nothing through another provider. Subscribe, or change the plan, instead.'
  readonly reason = 'NOT_A_SWITCH'
  readonly code = 'CONFLICT'

  constructor() {
    super("You don't pay through another provider. Subscribe to this plan, or change to it, instead.")
  }
}

export class NoUpcoming extends DomainError {
  static readonly when = 'No plan is scheduled to start. It may have started, or was canceled.'
  readonly reason = 'NO_UPCOMING_SUBSCRIPTION'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('No plan is scheduled to start. It may have started already.')
  }
}
