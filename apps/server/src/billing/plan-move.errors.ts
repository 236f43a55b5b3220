import { DomainError } from '../platform/errors/errors.ts'

/** A move of many subscribers leaves customers alone who have chosen another plan themselves. */
export class OtherPlanChosen extends DomainError {
  static readonly when =
    'The customer has moved to another plan, or has scheduled a change to one. A move of subscribers leaves them alone.'
  readonly reason = 'OTHER_PLAN_CHOSEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('This customer has chosen another plan.')
  }
}

export class PlanMoveOpen extends DomainError {
  static readonly when = "Another move of this plan's subscribers is not finished. Wait for it, or stop it."
  readonly reason = 'PLAN_MOVE_OPEN'
  readonly code = 'CONFLICT'

  constructor() {
    super('The subscribers of this plan are being moved already. Wait until that is finished, or stop it.')
  }
}

export class PlanMoveNotFound extends DomainError {
  static readonly when = 'There is no move of subscribers with this id.'
  readonly reason = 'PLAN_MOVE_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This move of subscribers does not exist.')
  }
}
