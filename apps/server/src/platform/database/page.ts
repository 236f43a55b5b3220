import { InvalidInput } from '../errors/errors.ts'

/** Some rows of a list, newest first, and where to go on. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** The last row of a page: its sorting moment, and its id for rows of the same moment. */
export interface Position {
  at: Date
  id: string
}

/** A cursor is the place of the last row, so that rows which are added meanwhile shift nothing. */
function writeCursor({ at, id }: Position): string {
  return Buffer.from(`${at.toISOString()} ${id}`).toString('base64url')
}

/** @throws {InvalidInput} for a cursor that no page gave. */
export function readCursor(cursor: string): Position {
  const [moment = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ')
  const at = new Date(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(moment) ? moment : Number.NaN)
  if (!(at.getTime() >= 0) || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw new InvalidInput({ cursor: 'is not a cursor that a page gave' })
  }
  return { at, id }
}

/** Cuts a page out of `limit + 1` rows: the one too many only tells that there are more. */
export function pageOf<Row, T>(
  rows: Row[],
  limit: number,
  view: (row: Row) => T,
  place: (row: Row) => Position,
): Page<T> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { items: shown.map(view), nextCursor: rows.length > limit && last ? writeCursor(place(last)) : null }
}
