import { t } from '../texts/catalogue.ts'
import { mayManage, type Role } from './rights.ts'

interface RoleWords {
  label: string
  /** Completes "You join as …". */
  asWhat: string
  /** What the role may do. */
  may: string
}

/** From the most to the least powerful. */
export const ROLES: Readonly<Record<Role, RoleWords>> = t.members.roles

/** The roles that this role may give and take away. Only owners make and unmake owners. */
export function rolesToGive(own: Role): Role[] {
  if (!mayManage(own)) return []
  return own === 'owner' ? ['member', 'billing', 'admin', 'owner'] : ['member', 'billing', 'admin']
}
