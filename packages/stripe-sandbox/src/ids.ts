import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random bytes are drawn many at a time: one call each would cost more than all the rest of making an id. */
const pool = new Uint8Array(8192)
let used = pool.length

/**
 * A new opaque id such as `cus_…`, with `length` random base-62 characters after the prefix (Stripe uses 14 to 24, more for sessions).
 */
export function newId(prefix: string, length = 24): string {
  return `${prefix}_${randomText(length)}`
}

/** Random base-62 text; the modulo's bias (4 in 256) is of no matter for ids that only have to differ. */
export function randomText(length: number): string {
  if (used + length > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  let text = ''
  for (const byte of pool.subarray(used, used + length)) text += ALPHABET[byte % ALPHABET.length]
  used += length
  return text
}
