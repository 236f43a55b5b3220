import { randomUUIDv7 } from 'node:crypto'

/** A new UUIDv7: made here and not in the database, so that PostgreSQL 15 will do and a job can carry it. */
export const newId = (): string => randomUUIDv7()

/** Lower than every id. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000'

/** The lowest UUIDv7 of a moment: what has a higher one was made then or later. */
export function oldestIdOf(moment: Date): string {
  const time = moment.getTime().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}
