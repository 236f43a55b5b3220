import type { Database } from './platform/database/database.ts'
import { checkSessionPooling, TransactionPooling } from './platform/database/session-pooling.ts'
import { MINUTE } from './platform/durations.ts'

/** A pooler's mode may change while the process runs. */
const SESSIONS_CHECKED_FOR = MINUTE

/** Checks that connections keep their server process, and trusts the result for a minute. */
export function createSessionCheck({ em }: Database): () => Promise<void> {
  let last: { at: number; result: Promise<void> } | undefined
  return () => {
    if (!last || performance.now() - last.at > SESSIONS_CHECKED_FOR) {
      last = { at: performance.now(), result: checkSessionPooling(em.fork()) }
      last.result.catch((error: unknown) => {
        if (!(error instanceof TransactionPooling)) last = undefined // the next call tries again
      })
    }
    return last.result
  }
}
