import type { Paymob } from '../callbacks/paymob.ts'
import type { Route } from '../http/api.ts'
import type { Tokens } from '../http/tokens.ts'
import { authRoutes } from './auth.routes.ts'
import { intentionRoutes } from './intentions.routes.ts'
import { planRoutes } from './plans.routes.ts'
import { subscriptionRoutes } from './subscriptions.routes.ts'
import { transactionRoutes } from './transactions.routes.ts'

export function allRoutes(paymob: Paymob, tokens: Tokens): Route[] {
  return [
    ...authRoutes(paymob, tokens),
    ...intentionRoutes(paymob),
    ...planRoutes(paymob),
    ...subscriptionRoutes(paymob),
    ...transactionRoutes(paymob, tokens),
  ]
}
