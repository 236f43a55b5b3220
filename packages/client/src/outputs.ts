import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from './generated/api.ts'

/** What every procedure takes, by its path. */
export type RouterInputs = inferRouterInputs<AppRouter>
/** What every procedure gives, by its path. */
export type RouterOutputs = inferRouterOutputs<AppRouter>
