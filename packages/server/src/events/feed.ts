import { TollgateRefusal, TollgateUnavailable } from '../errors.ts'
import type { Backend } from '../http/backend.ts'
import type { Settings } from '../options.ts'
import { pause } from '../runtime.ts'
import type { Fields } from '../shape.ts'
import type { EventType, TollgateEvent } from './event.ts'
import { parseEvent } from './parse-event.ts'

export interface FeedOptions {
  /** The cursor that you stored last. Without it, the feed begins with the oldest event that the backend still has. */
  readonly after?: string | undefined
  /** Only events of these types. All by default. */
  readonly types?: readonly EventType[] | undefined
  /** The maximum number of events in one page. 100 by default. */
  readonly limit?: number | undefined
  /** Whether to wait for more events after the last one (the default), or to end. */
  readonly follow?: boolean | undefined
  /** Ends the feed. */
  readonly signal?: AbortSignal | undefined
}

export interface FeedPage {
  readonly events: readonly TollgateEvent[]
  /** Store it once the events are handled, and begin after it next time. */
  readonly cursor: string
}

const SECOND = 1000
/** How many seconds the backend may wait for an event. */
const WAIT = 20
const GRACE = 10
/** A call that is answered at once is followed by a pause, in milliseconds: the service key has a rate limit. */
const SHORTEST_CALL = 500
const FIRST_PAUSE = 200
const LONGEST_PAUSE = 30 * SECOND

export async function* readFeed(
  settings: Settings,
  backend: Backend,
  options: FeedOptions = {},
): AsyncGenerator<FeedPage, void, undefined> {
  const { types, limit, follow = true, signal } = options
  let { after } = options
  for (;;) {
    const query = { after, limit, types: types?.join(','), wait: follow ? WAIT : 0 }
    const askedAt = performance.now()
    const page = await readPage(settings, backend, query, signal)
    if (!page) return
    const cursor = page.text('cursor')
    const events = page.list('events').map(eventOf)
    if (events.length > 0 || cursor !== after) yield { events, cursor }
    after = cursor
    if (page.flag('hasMore')) continue
    if (!follow) return
    await pause(Math.max(0, askedAt + SHORTEST_CALL - performance.now()), { signal })
  }
}

/** Tries until it works. @returns undefined if the signal was aborted. */
async function readPage(
  { onError }: Settings,
  backend: Backend,
  query: { readonly wait: number } & Readonly<Record<string, string | number | undefined>>,
  signal: AbortSignal | undefined,
): Promise<Fields | undefined> {
  const timeout = (query.wait + GRACE) * SECOND
  for (let failures = 0; !signal?.aborted; failures++) {
    try {
      return await backend.call({ method: 'GET', path: '/v1/events', query, timeout, attempts: 1, signal })
    } catch (error) {
      if (signal?.aborted) return undefined
      if (!isPassing(error)) throw error
      onError(error)
      await pause(Math.max(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures), askedPause(error)), { signal })
    }
  }
  return undefined
}

/** Whether it may work later: the backend can't be reached, or asks for a pause. */
function isPassing(error: unknown): boolean {
  return error instanceof TollgateUnavailable || (error instanceof TollgateRefusal && error.status === 429)
}

/** How long the backend asks to wait, in milliseconds. */
function askedPause(error: unknown): number {
  return error instanceof TollgateRefusal ? (error.retryAfter ?? 0) * SECOND : 0
}

function eventOf(fields: Fields): TollgateEvent {
  const event = parseEvent(fields.raw())
  if (!event) throw new TollgateUnavailable('The feed of the backend has something that is not an event.')
  return event
}
