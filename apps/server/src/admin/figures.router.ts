import type { BillingDeps } from '../billing/index.ts'
import { adminProcedure } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { Stats } from './figures.schemas.ts'
import { readStats } from './figures/read-stats.ts'

/** What the overview shows. */
export function createFiguresProcedures(billing: BillingDeps) {
  const scopeOf = scopeWith({ billing })

  return {
    stats: adminProcedure.output(Stats).query(({ ctx }) => readStats(scopeOf(ctx))),
  }
}
