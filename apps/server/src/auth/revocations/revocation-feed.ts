import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityManager } from '@mikro-orm/postgresql'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { BEGINNING, readFeedCursor, writeFeedCursor, type FeedPlace } from './feed-cursor.ts'
import { readSessionEnds, type FeedPage } from './read-session-ends.ts'

export interface Revocations {
  sessions: { id: string; endedAt: Date }[]
  /** Where to go on. */
  cursor: string
}

/** @param wait how long to wait for the first session, in seconds. */
export type ReadRevocations = (
  asked: { after?: string | undefined; wait: number },
  signal: AbortSignal | undefined,
) => Promise<Revocations>

interface Reader {
  place: FeedPlace
  readonly until: number
  answer(page: FeedPage): void
  fail(error: unknown): void
}

/** How often the database is asked while readers wait. */
const EVERY = SECOND / 2
/** Maximum places in one statement, each with a page of rows. Readers that wait are soon at the same place. */
const PLACES_AT_ONCE = 20
/** A transaction may take this long from the end of a session to its commit, and a new reader still hears of it. */
const SLOWEST_COMMIT = 5 * MINUTE

/**
 * Creates the feed of ended sessions. A reader gets what has ended since its last answer, or waits for it. It may hear
 * of a session twice, and never misses one.
 *
 * All that wait share one statement at a time, so they hold no connection and more of them make no more statements.
 *
 * @param em provides the connections only.
 * @param lifetime of an access token, in milliseconds.
 * @param isStopping whether the process is about to stop. Then no one waits.
 * @returns a function that throws InvalidInput for a bad cursor.
 */
export function createRevocationFeed(
  em: EntityManager,
  { lifetime, isStopping }: { lifetime: number; isStopping: () => boolean },
): ReadRevocations {
  const readers = new Set<Reader>()
  let isRunning = false
  let wake = new AbortController()

  async function run(): Promise<void> {
    isRunning = true
    while (readers.size > 0) {
      wake = new AbortController()
      const groups = [...Map.groupBy(readers, ({ place }) => writeFeedCursor(place)).values()]
      for (let at = 0; at < groups.length; at += PLACES_AT_ONCE) await serve(groups.slice(at, at + PLACES_AT_ONCE))
      if (readers.size > 0) await sleep(EVERY, undefined, { signal: wake.signal }).catch(() => undefined)
    }
    isRunning = false
  }

  async function serve(groups: readonly Reader[][]): Promise<void> {
    try {
      const places = groups.flatMap(([first]) => first?.place ?? [])
      const pages = await readSessionEnds(em, places, lifetime + SLOWEST_COMMIT)
      for (const [index, page] of pages.entries()) for (const reader of groups[index] ?? []) offer(reader, page)
    } catch (error) {
      for (const reader of groups.flat()) {
        readers.delete(reader)
        reader.fail(error)
      }
    }
  }

  function offer(reader: Reader, page: FeedPage): void {
    reader.place = page.next
    if (page.sessions.length === 0 && performance.now() < reader.until && !isStopping()) return
    readers.delete(reader)
    reader.answer(page)
  }

  return ({ after, wait }, signal) =>
    new Promise<Revocations>((resolve, reject) => {
      const place = after === undefined ? BEGINNING : readFeedCursor(after)
      const until = performance.now() + (signal?.aborted ? 0 : wait * SECOND)
      const answer = ({ sessions, next }: FeedPage) =>
        resolve({ sessions: [...sessions], cursor: writeFeedCursor(next) })
      const reader: Reader = { place, until, answer, fail: reject }
      readers.add(reader)
      signal?.addEventListener('abort', () => {
        if (readers.delete(reader)) answer({ sessions: [], next: reader.place })
      })
      if (isRunning) wake.abort()
      else void run()
    })
}
