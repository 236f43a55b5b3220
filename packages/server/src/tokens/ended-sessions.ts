import { TollgateRefusal } from '../errors.ts'
import type { Backend } from '../http/backend.ts'
import type { Settings } from '../options.ts'

/** The sessions that have ended while their tokens may still be valid. */
export interface EndedSessions {
  has(sessionId: string): boolean
  /** Says that tokens live this long, in milliseconds. */
  keepFor(lifetime: number): void
  /**
   * Reads what has ended since the last time.
   *
   * @param how.wait how many seconds to wait for a session to end. With 0, all that have ended are read.
   */
  read(how: { readonly wait: number; readonly signal?: AbortSignal | undefined }): Promise<void>
}

const SECOND = 1000
const DAY = 24 * 3600 * SECOND
const TIDY_EVERY = 60 * SECOND
/** How long a call may take beyond the seconds for which the backend waits. */
const GRACE = 5 * SECOND

export function createEndedSessions({ now }: Settings, backend: Backend): EndedSessions {
  /** When each id was learned, the oldest first. */
  const ended = new Map<string, number>()
  let cursor: string | undefined
  let keep = DAY
  let tidiedAt = now()

  function tidy(): void {
    const at = now()
    if (at - tidiedAt < TIDY_EVERY) return
    tidiedAt = at
    for (const [id, learnedAt] of ended) {
      if (at - learnedAt <= keep) break
      ended.delete(id)
    }
  }

  /** @returns how many sessions the answer had. */
  async function readPage(wait: number, signal: AbortSignal | undefined): Promise<number> {
    const query = { after: cursor, wait }
    const timeout = wait * SECOND + GRACE
    try {
      const page = await backend.call({
        ...{ method: 'GET', path: '/v1/revocations', query, timeout, attempts: 1, signal },
      })
      const sessions = page.list('sessions')
      for (const session of sessions) ended.set(session.text('id'), now())
      cursor = page.text('cursor')
      tidy()
      return sessions.length
    } catch (error) {
      // A cursor of a database that was restored since may be unknown. Without one, all that matters is read again.
      if (error instanceof TollgateRefusal && error.status === 400) cursor = undefined
      throw error
    }
  }

  return {
    has: (sessionId) => ended.has(sessionId),
    keepFor: (lifetime) => (keep = Math.max(keep, lifetime)),
    async read({ wait, signal }) {
      let before = 0
      let size = await readPage(wait, signal)
      // One answer has a limited number of sessions. As long as the next is as long, there are more.
      while (wait === 0 && size > 0 && size >= before) {
        before = size
        size = await readPage(0, signal)
      }
    },
  }
}
