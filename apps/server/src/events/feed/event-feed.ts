import type { EntityManager } from '@mikro-orm/postgresql'
import { inBatchesByTick } from '../../platform/database/batches.ts'
import { SECOND } from '../../platform/durations.ts'
import type { Log } from '../../platform/log.ts'
import type { EventsDeps } from '../events-scope.ts'
import type { EventPage, ListEventsInput } from '../events.schemas.ts'
import { END, keyOfQuery, pageOf, readPages, type FeedQuery } from './read-pages.ts'
import { POLLED_EVERY } from './sequence-events.ts'
import { waitAtMost } from './wait-at-most.ts'

/** How long a call waits for new events to get their places. If there are very many, it reads those that have one. */
const LONGEST_SEQUENCING = 5 * SECOND
/** Maximum places in one statement, each with a page of rows. Readers that wait are soon at the same place. */
const PLACES_AT_ONCE = 20

export type ListEvents = (input: ListEventsInput, signal?: AbortSignal) => Promise<EventPage>

interface Reader {
  query: FeedQuery
  answer(page: EventPage): void
  fail(error: unknown): void
}

/**
 * Creates the feed of events: in the order of the commits and without gaps. If there is nothing new, a reader can wait
 * for it.
 *
 * All that wait share one look at the end of the feed and, if it has moved, one read for each place and choice of types.
 * They hold no connection.
 *
 * @param em provides the connections only.
 * @param isStopping whether the process is about to stop. Then no one waits.
 * @returns a function that throws CursorTooOld and CursorUnknown.
 */
export function createEventFeed(
  em: EntityManager,
  { events: { bell, sequence }, isStopping, log }: { events: EventsDeps; isStopping: () => boolean; log: Log },
): ListEvents {
  const read = inBatchesByTick((queries: readonly FeedQuery[]) => readPages(em, queries))
  const readers = new Set<Reader>()
  let isRunning = false
  let wake = new AbortController()

  /** Events that have their places can be read, even if the next ones fail to get theirs. */
  async function giveOutPlaces(): Promise<void> {
    try {
      await waitAtMost(LONGEST_SEQUENCING, sequence())
    } catch (error) {
      log.warn({ err: error }, 'events did not get their places, so the feed ends before them')
    }
  }

  async function run(): Promise<void> {
    isRunning = true
    while (readers.size > 0) {
      wake = new AbortController()
      const seen = bell.rings
      await look([...readers])
      if (readers.size > 0) await bell.wait(seen, POLLED_EVERY, wake.signal)
    }
    isRunning = false
  }

  async function look(waiting: readonly Reader[]): Promise<void> {
    try {
      await giveOutPlaces()
      const [end] = await readPages(em, [END])
      const behind = waiting.filter(({ query }) => isStopping() || query.after !== String(end?.last))
      const groups = [...Map.groupBy(behind, ({ query }) => keyOfQuery(query)).values()]
      for (let at = 0; at < groups.length; at += PLACES_AT_ONCE) await serve(groups.slice(at, at + PLACES_AT_ONCE))
    } catch (error) {
      for (const reader of waiting) if (readers.delete(reader)) reader.fail(error)
    }
  }

  async function serve(groups: readonly Reader[][]): Promise<void> {
    const reads = await readPages(
      em,
      groups.flatMap(([first]) => first?.query ?? []),
    )
    for (const [index, found] of reads.entries())
      for (const reader of groups[index] ?? []) {
        try {
          const page = pageOf(reader.query, found)
          reader.query = { ...reader.query, after: page.cursor }
          if (isEmpty(page) && !isStopping()) continue
          if (readers.delete(reader)) reader.answer(page)
        } catch (error) {
          if (readers.delete(reader)) reader.fail(error)
        }
      }
  }

  /** @param options.seen the bell's rings before the reader looked for itself. */
  async function waitFor(
    query: FeedQuery,
    { wait, seen }: { wait: number; seen: number },
    signal: AbortSignal | undefined,
  ): Promise<EventPage> {
    const { promise, resolve, reject } = Promise.withResolvers<EventPage>()
    const reader: Reader = { query, answer: resolve, fail: reject }
    const leave = () => {
      if (readers.delete(reader)) resolve({ events: [], cursor: reader.query.after ?? '0', hasMore: false })
    }
    readers.add(reader)
    const timer = setTimeout(leave, wait)
    signal?.addEventListener('abort', leave)
    if (!isRunning) void run()
    else if (seen !== bell.rings) wake.abort()
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
  }

  return async ({ wait, ...query }, signal) => {
    const end = performance.now() + wait * SECOND
    const seen = bell.rings
    await giveOutPlaces()
    const page = pageOf(query, await read(query))
    const left = end - performance.now()
    if (!isEmpty(page) || query.after === 'latest' || left <= 0 || signal?.aborted || isStopping()) return page
    return waitFor({ ...query, after: page.cursor }, { wait: left, seen }, signal)
  }
}

/** Whether a reader would rather wait than get this. */
const isEmpty = ({ events, hasMore }: EventPage): boolean => events.length === 0 && !hasMore
