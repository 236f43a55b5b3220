import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'

export type Role = RouterOutputs['accounts']['list'][number]['role']

interface RoleWords {
  label: string
  /** Completes "You join as …". */
  asWhat: string
  /** What the role may do. */
  may: string
}

/** From the most to the least powerful. */
export const ROLES: Readonly<Record<Role, RoleWords>> = t.members.roles

/** Whether the role may invite and remove people, and rename the organization. */
export const mayManage = (role: Role): boolean => role === 'owner' || role === 'admin'

/** Whether the role may buy, change and cancel plans, and see payments. */
export const mayBill = (role: Role): boolean => role !== 'member'

/** The roles that this role may give and take away. Only owners make and unmake owners. */
export function rolesToGive(own: Role): Role[] {
  if (!mayManage(own)) return []
  return own === 'owner' ? ['member', 'billing', 'admin', 'owner'] : ['member', 'billing', 'admin']
}
