import { router } from '../platform/rpc/trpc.ts'
import type { AdminDeps } from './admin-scope.ts'
import { createEntitlementsRouter } from './entitlements.router.ts'
import { createFiguresProcedures } from './figures.router.ts'
import { createMoneyRouters } from './money.router.ts'
import { createPeopleRouters } from './people.router.ts'
import { createServiceKeysRouter } from './service-keys.router.ts'
import { createSystemRouters } from './system.router.ts'
import { createWebhooksRouter } from './webhooks.router.ts'

/** The procedures `admin.*`. Billing implements those that affect money, and every change writes an audit row. */
export function createAdminRouter(deps: AdminDeps) {
  return router({
    ...createFiguresProcedures(deps.billing),
    ...createPeopleRouters(deps),
    ...createMoneyRouters(deps.billing),
    entitlements: createEntitlementsRouter(deps.billing),
    ...createSystemRouters(deps),
    serviceKeys: createServiceKeysRouter(),
    webhooks: createWebhooksRouter(deps.webhooks),
  })
}
