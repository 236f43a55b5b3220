import type { Backend } from '../http/backend.ts'
import type { Settings } from '../options.ts'
import { pause } from '../runtime.ts'
import { createEndedSessions } from './ended-sessions.ts'

interface Lost {
  readonly because: unknown
}

/** Knows which sessions have ended. */
export interface Revocations {
  /**
   * Makes sure that the list is current. It is no promise if nothing has to be waited for, which is faster.
   *
   * @returns why it is not; null if it is.
   */
  check(): Lost | null | Promise<Lost | null>
  has(sessionId: string): boolean
  /** Says that tokens live this long, in milliseconds. */
  keepFor(lifetime: number): void
  close(): void
}

const SECOND = 1000
/** How many seconds the backend may wait with its answer for a session to end. */
const WAIT = 20
/** After this time without an answer the process must have slept, because every call ends sooner. */
const LONGEST_SILENCE = (WAIT + 10) * SECOND
/** A call that is answered at once is followed by a pause: the service key has a rate limit. */
const SHORTEST_CALL = SECOND / 2
const FIRST_PAUSE = 500
const LONGEST_PAUSE = 5 * SECOND

/**
 * Follows the list with one open call after the other. It starts with the first check. It stops when no one has checked
 * during a whole call, so that an idle program can end, and starts again with the next check.
 */
export function followRevocations(settings: Settings, backend: Backend): Revocations {
  const { now, onError, revocationPatience } = settings
  const ended = createEndedSessions(settings, backend)
  const closing = new AbortController()
  let checkedAt = 0
  let readAt = Number.NEGATIVE_INFINITY
  let failure: Lost | undefined
  /** Ends with the first call of the running loop. Undefined while no loop runs. */
  let firstRead: Promise<void> | undefined
  /** Whether the first call of the running loop has ended. */
  let isFollowing = false
  let extraRead: Promise<unknown> | undefined

  async function readOnce(wait: number): Promise<boolean> {
    try {
      await ended.read({ wait, signal: closing.signal })
      readAt = now()
      failure = undefined
      return true
    } catch (error) {
      if (!closing.signal.aborted) onError(error)
      failure = { because: error }
      return false
    }
  }

  async function follow(first: Promise<boolean>): Promise<void> {
    let succeeded = await first
    isFollowing = true
    let calledAt = Number.NEGATIVE_INFINITY
    for (let failures = 0; !closing.signal.aborted;) {
      const askedAt = now()
      failures = succeeded ? 0 : failures + 1
      const backOff = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
      const rest = failures > 0 ? backOff : calledAt + SHORTEST_CALL - performance.now()
      if (rest > 0) await pause(rest, { signal: closing.signal, inBackground: true })
      calledAt = performance.now()
      succeeded = await readOnce(failures > 0 ? 0 : WAIT)
      if (checkedAt < askedAt) break
    }
    firstRead = undefined
    isFollowing = false
  }

  async function start(): Promise<void> {
    const first = readOnce(0)
    void follow(first)
    await first
  }

  async function catchUp(): Promise<Lost | null> {
    firstRead ??= start()
    await firstRead
    if (!failure && now() - readAt > LONGEST_SILENCE) {
      extraRead ??= readOnce(0).finally(() => (extraRead = undefined))
      await extraRead
    }
    return failure && now() - readAt > revocationPatience ? failure : null
  }

  return {
    has: ended.has,
    keepFor: ended.keepFor,
    close: () => closing.abort(),
    check() {
      checkedAt = now()
      const isCurrent = isFollowing && !failure && checkedAt - readAt <= LONGEST_SILENCE
      return isCurrent ? null : catchUp()
    },
  }
}

/** How old the list may be, in milliseconds, and how old while another request is reading it. */
const FRESH = 2 * SECOND
const FRESH_ENOUGH = 3 * SECOND
const AGAIN_AFTER_FAILURE = SECOND

/** Reads the list when a request comes and it is older than two seconds, for runtimes without work between requests. */
export function pollRevocations(settings: Settings, backend: Backend): Revocations {
  const { now, onError, revocationPatience } = settings
  const ended = createEndedSessions(settings, backend)
  let readAt = Number.NEGATIVE_INFINITY
  let failure: { readonly because: unknown; readonly at: number } | undefined
  let readers = 0
  /** A clock that was set back does not make the list look new. */
  const since = (at: number) => Math.abs(now() - at)

  async function read(): Promise<void> {
    const startedAt = now()
    readers++
    try {
      await ended.read({ wait: 0 })
      readAt = startedAt
      failure = undefined
    } catch (error) {
      onError(error)
      failure = { because: error, at: now() }
    } finally {
      readers--
    }
  }

  return {
    has: ended.has,
    keepFor: ended.keepFor,
    close: () => undefined,
    async check() {
      const age = since(readAt)
      const isFresh = age < FRESH || (readers > 0 && age < FRESH_ENOUGH)
      const isPausing = failure && since(failure.at) < AGAIN_AFTER_FAILURE
      if (!isFresh && !isPausing) await read()
      return failure && since(readAt) > revocationPatience ? failure : null
    },
  }
}
