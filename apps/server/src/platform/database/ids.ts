import crypto from 'node:crypto' // by its default, so that an older Node starts, and then says what it needs

/** A new UUIDv7. It is made here, so that PostgreSQL 15 is enough, and a job can carry the id of its row. */
export const newId = (): string => crypto.randomUUIDv7()

/** Lower than every id. */
export const LOWEST_ID = '00000000-0000-0000-0000-000000000000'

/** The lowest UUIDv7 of a moment. Higher ids were made then or later. No id is older than 1970. */
export function oldestIdOf(moment: Date): string {
  const time = Math.max(0, moment.getTime()).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}
