import { randomBytes } from 'node:crypto'

/** A random hexadecimal text of this length. */
export function randomHex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length)
}
