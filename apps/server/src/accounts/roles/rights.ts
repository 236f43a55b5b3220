export type Role = 'owner' | 'admin' | 'billing' | 'member'

/**
 * What a role may do in its account:
 *
 * - `see` the account, its members, its plan and its limits;
 * - `bill`: everything about subscriptions and payments;
 * - `manage` members, invitations, and the name;
 * - `own`: everything, such as making owners and deleting the account.
 */
export type Right = 'see' | 'bill' | 'manage' | 'own'

const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  owner: ['see', 'bill', 'manage', 'own'],
  admin: ['see', 'bill', 'manage'],
  billing: ['see', 'bill'],
  member: ['see'],
}

/** Whether someone with a role may give another role to a member or take it away: only owners make and unmake owners. */
export const mayGive = (own: Role, role: Role): boolean => mayDo(own, 'manage') && (role !== 'owner' || own === 'owner')

export const mayDo = (role: Role, right: Right): boolean => RIGHTS[role].includes(right)
