import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { JWK } from 'jose'
import type { Account } from './accounts.ts'

/** What is kept across restarts: the accounts, and Google's signing key, which clients cache. */
export interface State {
  accounts: Account[]
  signingKey: JWK | null
}

/** @param path undefined to keep nothing. */
export function loadState(path: string | undefined): State {
  if (path === undefined || !existsSync(path)) return { accounts: [], signingKey: null }
  return JSON.parse(readFileSync(path, 'utf8')) as State
}

/** Writes the state atomically: a reader never sees half of it. */
export function saveState(path: string | undefined, state: State): void {
  if (path === undefined) return
  writeFileSync(`${path}.new`, JSON.stringify(state, null, 2), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
