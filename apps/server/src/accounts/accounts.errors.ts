import { DomainError } from '../platform/errors/errors.ts'

/** The account is unknown, deleted, or not the caller's. The answer does not say which. */
export class AccountNotFound extends DomainError {
  static readonly when = 'There is no such account, or the caller is not a member of it.'
  readonly reason = 'ACCOUNT_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This account does not exist, or you are not a member of it.')
  }
}

export class RoleRequired extends DomainError {
  static readonly when = "The caller is a member of the account, but their role doesn't allow this."
  readonly reason = 'ROLE_REQUIRED'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('Your role in this account does not allow this. Ask one of its owners.')
  }
}

export class TooManyAccounts extends DomainError {
  static readonly when = 'The caller is an owner of 20 organizations already.'
  readonly reason = 'TOO_MANY_ACCOUNTS'
  readonly code = 'CONFLICT'

  constructor() {
    super('You already own 20 organizations. Delete one, or ask someone else to create this one.')
  }
}

export class PersonalAccount extends DomainError {
  static readonly when = 'The account is personal: it has no other members, and is closed with its user.'
  readonly reason = 'PERSONAL_ACCOUNT'
  readonly code = 'CONFLICT'

  constructor() {
    super("A personal account has no members and can't be deleted. Create an organization to work with others.")
  }
}

export class LastOwner extends DomainError {
  static readonly when = 'The organization would have no active owner. Make another member an owner, or delete it.'
  readonly reason = 'LAST_OWNER'
  readonly code = 'CONFLICT'

  /** @param account the organization's name. */
  constructor(account = 'The organization') {
    super(`${account} needs an owner. Make another member an owner first, or delete the organization.`)
  }
}

export class MemberNotFound extends DomainError {
  static readonly when = 'The account has no member with this user id.'
  readonly reason = 'MEMBER_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This user is not a member of the account.')
  }
}

export class AlreadyMember extends DomainError {
  static readonly when = 'A member of the account has this email address.'
  readonly reason = 'ALREADY_MEMBER'
  readonly code = 'CONFLICT'

  constructor() {
    super('The person with this email address is already a member.')
  }
}

export class SeatLimit extends DomainError {
  static readonly when =
    "All seats of the account's plan are taken. Open invitations count when another person is invited."
  readonly reason = 'SEAT_LIMIT'
  readonly code = 'CONFLICT'

  constructor() {
    super('All seats of the plan are taken. Remove a member or an invitation, or choose a larger plan.')
  }
}

export class InvitationNotFound extends DomainError {
  static readonly when = 'The account has no open invitation with this id.'
  readonly reason = 'INVITATION_NOT_FOUND'
  readonly code = 'NOT_FOUND'

  constructor() {
    super('This invitation does not exist. It may have been accepted or revoked.')
  }
}

export class InvitationInvalid extends DomainError {
  static readonly when =
    'The invitation was accepted or revoked, its account was deleted, or its sender may no longer invite.'
  readonly reason = 'TOKEN_INVALID'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This invitation is no longer valid. Ask the organization for a new one.')
  }
}

export class InvitationExpired extends DomainError {
  static readonly when = 'The invitation is too old. Its account can send it again.'
  readonly reason = 'TOKEN_EXPIRED'
  readonly code = 'BAD_REQUEST'

  constructor() {
    super('This invitation has expired. Ask the organization to send it again.')
  }
}

export class OtherAddress extends DomainError {
  static readonly when = 'The invitation was sent to another email address than that of the caller.'
  readonly reason = 'OTHER_ADDRESS'
  readonly code = 'FORBIDDEN'

  constructor() {
    super('This invitation is for another email address. Log in with that address to accept it.')
  }
}

/** Not `AccountDisabled`: that one is about the caller, and ends their session. */
export class AccountNotOpen extends DomainError {
  static readonly when =
    'The account is closed: its user is disabled, or its organization was deleted. Nothing is charged or granted.'
  readonly reason = 'ACCOUNT_CLOSED'
  readonly code = 'CONFLICT'

  constructor() {
    super('This account is closed. Open it again first.')
  }
}
