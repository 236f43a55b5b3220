import { randomFillSync } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random bytes, drawn in bulk: a call for each id would cost more than everything else about it. */
const pool = new Uint8Array(8192)
let used = pool.length

/**
 * A new opaque id such as `cus_…`, with `length` random base-62 characters after the prefix. Stripe uses 14 to 24,
 * and more for sessions.
 */
export function newId(prefix: string, length = 24): string {
  return `${prefix}_${randomText(length)}`
}

/** Random base-62 text. The modulo bias is no problem for the ids and tokens of a sandbox. */
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
