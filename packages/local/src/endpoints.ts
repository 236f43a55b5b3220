import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from './secrets.ts'
import type { OAuthClients } from './server-environment.ts'
import { writeFileWhole } from './write-file.ts'

/**
 * Addresses and credentials for programs that use the stack. URLs have no trailing slash.
 *
 * @see docs/contract/running.md
 */
export interface Endpoints {
  api: string
  web: string
  stripe: string
  stripeKey: string
  webhookSecret: string
  paymob: string
  /** A receiver of webhooks. Tollgate sends all events to its `/hooks`. */
  webhooks: string
  /** The Google sandbox is at `/google`, the GitHub sandbox at `/github`. */
  oauth: string
  /** The client ids and secrets that the Google and GitHub sandbox accepts. */
  oauthClients: OAuthClients
  mail: string
  databaseUrl: string
  admin: Account
  user: Account
  pids: { api: number; worker: number }
}

const path = (dataDir: string) => join(dataDir, 'endpoints.json')

export function writeEndpoints(dataDir: string, endpoints: Endpoints): void {
  writeFileWhole(path(dataDir), `${JSON.stringify(endpoints, null, 2)}\n`)
}

/** The endpoints of the stack that runs on this directory; undefined if none does, or it is still starting. */
export function readEndpoints(dataDir: string): Endpoints | undefined {
  if (!existsSync(path(dataDir))) return undefined
  return JSON.parse(readFileSync(path(dataDir), 'utf8')) as Endpoints
}

export function removeEndpoints(dataDir: string): void {
  rmSync(path(dataDir), { force: true })
}
