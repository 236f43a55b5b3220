import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for work that goes on by itself if it takes longer than this. */
export async function waitAtMost(milliseconds: number, work: Promise<void>): Promise<void> {
  const done = new AbortController()
  try {
    await Promise.race([work, sleep(milliseconds, undefined, { signal: done.signal, ref: false })])
  } finally {
    done.abort()
  }
}
