import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { JWK } from 'jose'
import type { Account } from './accounts.ts'

/** What outlives a restart: the accounts that people made, and Google's signing key, which clients remember. */
export interface State {
  accounts: Account[]
  signingKey: JWK | null
}

/** @param path undefined: nothing outlives the process. */
export function loadState(path: string | undefined): State {
  if (path === undefined || !existsSync(path)) return { accounts: [], signingKey: null }
  return JSON.parse(readFileSync(path, 'utf8')) as State
}

/** Whole or not at all: a reader never sees half of it. */
export function saveState(path: string | undefined, state: State): void {
  if (path === undefined) return
  writeFileSync(`${path}.new`, JSON.stringify(state, null, 2), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
