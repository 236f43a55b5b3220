import { hash } from 'node:crypto'

/** Something that is true of a token for a time, in milliseconds since 1970. */
export interface Remembered<T> {
  readonly value: T
  readonly from: number
  readonly until: number
}

/** Maximum number of tokens in each of the two halves of the memory. One takes about 500 bytes. */
const HALF = 10_000

/**
 * Remembers what was found out about tokens, so that each signature is checked once. It knows tokens by their hash, so
 * that it holds none. It forgets tokens that have expired, and those that were not used for the longest time.
 */
export function createTokenMemory<T>(half = HALF) {
  let young = new Map<string, Remembered<T>>()
  let old = new Map<string, Remembered<T>>()

  function keep(key: string, remembered: Remembered<T>): void {
    if (young.size >= half) {
      old = young
      young = new Map()
    }
    young.set(key, remembered)
  }

  return {
    /** @returns undefined for a token that is unknown, or not valid at this time. */
    recall(token: string, now: Date): T | undefined {
      const key = keyOf(token)
      let found = young.get(key)
      if (!found) {
        found = old.get(key)
        if (!found) return undefined
        keep(key, found)
      }
      const at = now.getTime()
      if (at >= found.from && at < found.until) return found.value
      young.delete(key)
      old.delete(key)
      return undefined
    },
    remember(token: string, remembered: Remembered<T>): void {
      keep(keyOf(token), remembered)
    },
    /** The number of tokens in memory. */
    get size(): number {
      return young.size + old.size
    },
  }
}

const keyOf = (token: string): string => hash('sha256', token, 'base64')
