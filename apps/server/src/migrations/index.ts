import { AppendOnlyAudit0002 } from './0002-append-only-audit.ts'
import { AccountsAndLimits0003 } from './0003-accounts-and-limits.ts'
import { Initial0001 } from './0001-initial.ts'

/** All migrations, oldest first. A list and not a folder: it is the same in TypeScript and in the build. */
export const migrations = [
  { name: '0001-initial', class: Initial0001 },
  { name: '0002-append-only-audit', class: AppendOnlyAudit0002 },
  { name: '0003-accounts-and-limits', class: AccountsAndLimits0003 },
]
