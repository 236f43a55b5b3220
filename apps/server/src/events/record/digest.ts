import { createHash } from 'node:crypto'

/** The same text for the same state. Keys have to be in the same order. */
export const digestOf = (state: unknown): string =>
  createHash('sha256').update(JSON.stringify(state)).digest('base64url').slice(0, 22)
