import type { BillingDeps } from './billing/index.ts'
import type { Config } from './config.ts'
import { createSequencer, fanOut, type EventsDeps } from './events/index.ts'
import type { Database } from './platform/database/database.ts'
import type { Scope } from './platform/scope.ts'

interface Parts extends Omit<Scope, 'em'> {
  config: Config
  database: Database
  billing: BillingDeps
}

/** Creates what lives as long as the process, for events. */
export function createEventsDeps({ config, database, ...parts }: Parts): EventsDeps {
  return createSequencer({
    databaseUrl: config.DATABASE_URL,
    openScope: () => ({ ...parts, em: database.em.fork() }),
    fanOut: (em, range) => fanOut(em, { ...range, now: parts.clock.now() }),
  })
}
