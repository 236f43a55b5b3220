import { AppendOnlyAudit0002 } from './0002-append-only-audit.ts'
import { Initial0001 } from './0001-initial.ts'

/** All migrations, oldest first. A list and not a folder: it is the same in TypeScript and in the build. */
export const migrations = [
  { name: '0001-initial', class: Initial0001 },
  { name: '0002-append-only-audit', class: AppendOnlyAudit0002 },
]
