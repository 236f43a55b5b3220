import type { BillingDeps } from '../billing/index.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import {
  Attention,
  ListMrrChangesInput,
  ListTrialsInput,
  MrrChangePage,
  Overview,
  OverviewInput,
  Stats,
  TrialPage,
} from './figures.schemas.ts'
import { listMrrChanges } from './figures/list-mrr-changes.ts'
import { listTrials } from './figures/list-trials.ts'
import { readAttention } from './figures/read-attention.ts'
import { readOverview } from './figures/read-overview.ts'
import { readStats } from './figures/read-stats.ts'

/** What the overview shows, and the rows that only its figures lead to. */
export function createFiguresProcedures(billing: BillingDeps) {
  const scopeOf = scopeWith({ billing })

  return {
    stats: adminProcedure.output(Stats).query(({ ctx }) => readStats(scopeOf(ctx))),

    overview: adminProcedure
      .input(OverviewInput)
      .output(Overview)
      .query(({ ctx, input }) => readOverview(scopeOf(ctx), input)),

    attention: adminProcedure.output(Attention).query(({ ctx }) => readAttention(scopeOf(ctx))),

    mrrChanges: router({
      list: adminProcedure
        .input(ListMrrChangesInput)
        .output(MrrChangePage)
        .query(({ ctx, input }) => listMrrChanges(scopeOf(ctx), input)),
    }),

    trials: router({
      list: adminProcedure
        .input(ListTrialsInput)
        .output(TrialPage)
        .query(({ ctx, input }) => listTrials(scopeOf(ctx), input)),
    }),
  }
}
