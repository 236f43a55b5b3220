import { InvalidInput } from '../../platform/errors/errors.ts'

/**
 * The place of an entry among all sources: newest first, then by the source's rank, then by the row's id. Many rows have
 * the same moment, so the moment alone would lose or repeat some at the border of two pages.
 */
export interface Place {
  /** In microseconds, as PostgreSQL has it. */
  readonly moment: string
  readonly rank: number
  readonly key: string
}

const CURSOR =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z) (\d{1,2}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** @throws {InvalidInput} for a cursor that we did not issue. */
export function readPlace(cursor: string): Place {
  const [, moment = '', rank = '', key = ''] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? []
  if (!(new Date(moment).getTime() >= 0)) throw new InvalidInput({ cursor: 'is not a valid cursor' })
  return { moment, rank: Number(rank), key }
}

export const writePlace = ({ moment, rank, key }: Place): string =>
  Buffer.from(`${moment} ${rank} ${key}`).toString('base64url')
