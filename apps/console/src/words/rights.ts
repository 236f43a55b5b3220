import type { RouterOutputs } from '@tollgate/client'

export type Role = RouterOutputs['accounts']['list'][number]['role']

/** Whether the role may invite and remove people, and rename the organization. */
export const mayManage = (role: Role): boolean => role === 'owner' || role === 'admin'

/** Whether the role may buy, change and cancel plans, and see payments. */
export const mayBill = (role: Role): boolean => role !== 'member'
