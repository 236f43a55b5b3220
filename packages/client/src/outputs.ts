import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from './generated/api.ts'

/** Input types of all procedures by path, such as `RouterInputs['auth']['login']`. */
export type RouterInputs = inferRouterInputs<AppRouter>
/** Output types of all procedures by path, such as `RouterOutputs['auth']['login']`. */
export type RouterOutputs = inferRouterOutputs<AppRouter>
