import { InvalidInput } from '../errors/errors.ts'

/** Some rows of a list, newest first, and where the next page begins. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** The last row of a page: the moment that it is sorted by, and its id for rows of the same moment. */
export interface Position {
  at: Date
  id: string
}

/** A position in a list that PostgreSQL sorts by microseconds. */
export interface ExactPosition {
  /** ISO 8601 in UTC, with as many digits as PostgreSQL has. */
  at: string
  id: string
}

/** A cursor is the place of the last row, so that rows added meanwhile shift nothing. */
function writeCursor({ at, id }: Position | ExactPosition): string {
  return Buffer.from(`${typeof at === 'string' ? at : at.toISOString()} ${id}`).toString('base64url')
}

/** @throws {InvalidInput} for a cursor that we did not issue. */
export function readCursor(cursor: string): Position {
  const { at, id } = readExactCursor(cursor)
  return { at: new Date(at), id }
}

/** @throws {InvalidInput} for a cursor that we did not issue. */
export function readExactCursor(cursor: string): ExactPosition {
  const [at = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  const isMoment = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(at) && isReal(at)
  if (!isMoment || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw new InvalidInput({ cursor: 'is not a valid cursor' })
  }
  return { at, id }
}

/** Whether there is this moment: no 30 February, and no 24:00, which is another day. */
function isReal(text: string): boolean {
  const moment = new Date(text)
  return moment.getTime() >= 0 && moment.toISOString().slice(0, 19) === text.slice(0, 19)
}

/** Makes a page of up to `limit + 1` rows. The extra row only says that there are more. */
export function pageOf<Row, T>(
  rows: Row[],
  limit: number,
  view: (row: Row) => T,
  place: (row: Row) => Position | ExactPosition,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(view), nextCursor: rows.length > limit && last ? writeCursor(place(last)) : null }
}
