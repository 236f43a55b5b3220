import { z } from 'zod'

export { PageInput } from '../billing/billing.schemas.ts'

export const Nothing = z.object({})

export const id = z.uuid('must be an id').toLowerCase()
export const ById = z.object({ id })

/** A person behind a list item. */
export const Owner = z.object({ id: z.uuid(), email: z.string() })
/** The account that a list item belongs to, and the user: of an organization, its longest-standing owner. */
export const owned = {
  user: Owner,
  account: z.object({ id: z.uuid(), kind: z.enum(['personal', 'organization']), name: z.string() }),
}
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })
