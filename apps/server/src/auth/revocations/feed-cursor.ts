import { InvalidInput } from '../../platform/errors/errors.ts'

/**
 * Where a reader of the feed is. It has seen everything that was visible in one snapshot of the database. A snapshot
 * says of each transaction whether it had committed, so a transaction that commits late is not passed over.
 */
export interface FeedPlace {
  /** When the database's server was started. Snapshots of another one mean nothing here. */
  readonly server: string
  /** What the reader has seen, as PostgreSQL writes a snapshot; null for nothing. */
  readonly seen: string | null
  /** The snapshot that the reader is on the way to, if its rows don't fit into one answer. */
  readonly upTo: string | null
  /** The last row that the reader got on that way. */
  readonly behind: string
}

/** Before the first answer. */
export const BEGINNING: FeedPlace = { server: '0', seen: null, upTo: null, behind: '0' }

/** Writes a place for readers, who should not look into it. */
export function writeFeedCursor({ server, seen, upTo, behind }: FeedPlace): string {
  const parts = [server, short(seen), short(upTo), behind]
  return Buffer.from(parts.join('~')).toString('base64url')
}

/**
 * Reads a place. A made-up one does no harm: it must be a snapshot that PostgreSQL can read.
 *
 * @throws {InvalidInput} for a cursor that we did not issue.
 */
export function readFeedCursor(cursor: string): FeedPlace {
  const parts = Buffer.from(cursor, 'base64url').toString('latin1').split('~')
  const [server = '', seen = '', upTo = '', behind = ''] = parts
  if (parts.length !== 4 || !NUMBER.test(server) || !NUMBER.test(behind)) throw new NotACursor()
  const place = { server, seen: long(seen), upTo: long(upTo), behind }
  if (writeFeedCursor(place) !== cursor) throw new NotACursor()
  return place
}

class NotACursor extends InvalidInput {
  constructor() {
    super({ after: 'is not a cursor of this feed' })
  }
}

/** Up to 18 digits, which fit into 64 bits. */
const NUMBER = /^\d{1,18}$/

/** A snapshot is `xmin:xmax:running,running…`. Written as distances, it stays short with hundreds of transactions. */
function short(snapshot: string | null): string {
  if (snapshot === null) return ''
  const [xmin = '', xmax = '', running = ''] = snapshot.split(':')
  const distances = [xmax, ...running.split(',').filter(Boolean)].map((id) => BigInt(id) - BigInt(xmin))
  return [BigInt(xmin), ...distances].map((number) => number.toString(36)).join('.')
}

function long(text: string): string | null {
  if (text === '') return null
  const numbers = text.split('.')
  if (numbers.length < 2 || !numbers.every((number) => /^[\da-z]{1,11}$/.test(number))) throw new NotACursor()
  const [first = 0n, width = 0n, ...running] = numbers.map(fromBase36)
  const isOrdered = running.every((id, index) => id < width && (index === 0 || id > (running[index - 1] ?? 0n)))
  if (!isTransaction(first) || !isTransaction(first + width) || !isOrdered) throw new NotACursor()
  return `${first}:${first + width}:${running.map((id) => first + id).join(',')}`
}

/** PostgreSQL skips an id whose lower 32 bits are 0, and refuses a snapshot that begins or ends with one. */
const isTransaction = (id: bigint): boolean => BigInt.asUintN(32, id) !== 0n

function fromBase36(text: string): bigint {
  let number = 0n
  for (const digit of text) number = number * 36n + BigInt(Number.parseInt(digit, 36))
  return number
}
