import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** Every key begins with this, so that a scanner finds keys in code and logs. */
const PREFIX = 'tgsk_'
const KEY_BYTES = 32

/** The prefix and 32 random bytes in base64url. */
const KEY = /^tgsk_[\w-]{43}$/

/** Makes a new key. */
export const newKey = (): string => `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`

/** How a key begins: few enough characters to say nothing about the rest. */
export const startOf = (key: string): string => key.slice(0, PREFIX.length + 4)

/** How a key is stored. It is too random to be guessed, so one fast hash is enough. */
export const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url')

/** Compares two hashes in a time that says nothing about them. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** @returns the key of an `Authorization` header; undefined if it has none. */
export function keyIn(authorization: string | undefined): string | undefined {
  const [, key = ''] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? []
  return KEY.test(key) ? key : undefined
}
