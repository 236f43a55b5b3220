import { z } from 'zod'
import { moment } from '../platform/values.schemas.ts'

/** An administrator's search among all accounts. */
export const ListAccountsInput = z.object({
  cursor: z.string().max(200).nullish(),
  limit: z.int().min(1, 'must be between 1 and 100').max(100, 'must be between 1 and 100').default(20),
  search: z.string().trim().max(320, 'is too long').optional(),
  isActive: z.boolean().optional(),
  isVerified: z.boolean().optional(),
  isAdmin: z.boolean().optional(),
  /** When they signed up: from this moment on, and before the other. */
  createdFrom: moment.optional(),
  createdTo: moment.optional(),
  /** Whether an account of this provider is linked. */
  identity: z.enum(['google', 'github']).optional(),
})
export type ListAccountsInput = z.infer<typeof ListAccountsInput>

export const UpdateAccountInput = z.object({
  id: z.uuid('must be an id').toLowerCase(),
  isActive: z.boolean().optional(),
  isAdmin: z.boolean().optional(),
  isVerified: z.boolean().optional(),
})
export type UpdateAccountInput = z.infer<typeof UpdateAccountInput>
