import type { z } from 'zod'

/** A zod object: the fields that a configuration adds, each with its own schema. */
export type Fields = z.ZodObject

/** No fields at all. */
export type NoFields = z.ZodObject<Record<never, never>>

/** What is stored: any field may be missing, because the row may be older than the field. */
export type Stored<Schema extends Fields> = Readonly<Partial<z.output<Schema>>>
