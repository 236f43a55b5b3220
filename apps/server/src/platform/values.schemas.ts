import { z } from 'zod'

const FIRST = new Date('0001-01-01T00:00:00.000Z')
const LAST = new Date('9999-12-31T23:59:59.999Z')

/** A moment that PostgreSQL and ISO 8601 can both write with a year of four digits. */
export const moment = z
  .date('must be a date')
  .min(FIRST, 'must be in the year 1 or later')
  .max(LAST, 'must be before the year 10000')

/** A day in UTC, with room for the days before and after it. */
export const day = z.iso
  .date('must be a day, like 2026-11-29')
  .refine((text) => text >= '1970-01-01' && text < '9999-01-01', 'must be between 1970-01-01 and 9998-12-31')

/** Text that PostgreSQL can store and JSON can write: without NUL and lone surrogates. */
export const storableText = z
  .string()
  .refine((text) => !text.includes('\0') && text.isWellFormed(), 'contains characters that cannot be stored')

/** What a caller has seen, as they give it back. */
export const revision = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'must be a revision as it was read')
  .describe('The revision that the caller has seen. If it is not the present one, nothing changes.')
