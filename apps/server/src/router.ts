import { createAccountsRouter } from './accounts/index.ts'
import { createAdminRouter, type AdminDeps } from './admin/index.ts'
import { createAuthRouter, createIdentityRouter, createProfileRouter, createSessionRouter } from './auth/index.ts'
import { createBillingRouter } from './billing/index.ts'
import type { Config } from './config.ts'
import { describeInstallation } from './installation.ts'
import { router } from './platform/rpc/trpc.ts'
import type { createServiceRouter } from './service/index.ts'

interface RouterDeps extends Omit<AdminDeps, 'installation'> {
  readonly config: Config
}

/** Builds the typed API, once at start. */
export function createAppRouter({ auth, accounts, billing, webhooks, mail, config, queues }: RouterDeps) {
  return router({
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
  })
}

export type ServiceRouter = ReturnType<typeof createServiceRouter>
export type AppRouter = ReturnType<typeof createAppRouter>
