import { createAccountsRouter } from './accounts/index.ts'
import { createAdminRouter, type AdminDeps } from './admin/index.ts'
import { createAuthRouter, createIdentityRouter, createProfileRouter, createSessionRouter } from './auth/index.ts'
import { createBillingRouter } from './billing/index.ts'
import type { Config } from './config.ts'
import type { createOwnRouter } from './extension/index.ts'
import { describeInstallation } from './installation.ts'
import { router } from './platform/rpc/trpc.ts'
import type { createServiceRouter } from './service/index.ts'

interface RouterDeps extends Omit<AdminDeps, 'installation'> {
  readonly config: Config
  /** The procedures of this server's own configuration. Their types are not known here. */
  readonly app?: ReturnType<typeof createOwnRouter>
}

/** Builds the typed API, once at start. */
export function createAppRouter({ auth, accounts, billing, webhooks, mail, config, queues, app }: RouterDeps) {
  const ours = {
    auth: createAuthRouter(auth),
    sessions: createSessionRouter(auth),
    identities: createIdentityRouter(auth),
    profile: createProfileRouter(auth),
    accounts: createAccountsRouter(accounts),
    billing: createBillingRouter(billing),
    admin: createAdminRouter({
      auth,
      accounts,
      billing,
      webhooks,
      mail,
      queues,
      installation: describeInstallation(config),
    }),
  }
  if (app) Object.assign(ours, { app })
  return router(ours)
}

export type ServiceRouter = ReturnType<typeof createServiceRouter>
export type AppRouter = ReturnType<typeof createAppRouter>
