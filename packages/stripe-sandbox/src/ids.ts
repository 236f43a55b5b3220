import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * A new opaque id such as `cus_…`, with `length` random base-62 characters after the prefix (Stripe uses 14 to 24, more for sessions).
 */
export function newId(prefix: string, length = 24): string {
  return `${prefix}_${randomText(length)}`
}

/** Random base-62 text; the modulo's bias (4 in 256) is of no matter for ids that only have to differ. */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join('')
}
