import { createAccountsRouter, type AccountsDeps } from './accounts/index.ts'
import { createAdminRouter, type AdminDeps } from './admin/index.ts'
import {
  createAuthRouter,
  createIdentityRouter,
  createProfileRouter,
  createSessionRouter,
  type AuthDeps,
} from './auth/index.ts'
import { createBillingRouter } from './billing/index.ts'
import { router } from './platform/rpc/trpc.ts'

interface RouterDeps extends AdminDeps {
  readonly auth: AuthDeps
  readonly accounts: AccountsDeps
}

/** Builds the typed API, once at start. */
export function createAppRouter({ auth, accounts, billing, queues }: RouterDeps) {
  return router({
    auth: createAuthRouter(auth),
    sessions: createSessionRouter(auth),
    identities: createIdentityRouter(auth),
    profile: createProfileRouter(auth),
    accounts: createAccountsRouter(accounts),
    billing: createBillingRouter(billing),
    admin: createAdminRouter({ billing, queues }),
  })
}

export type AppRouter = ReturnType<typeof createAppRouter>
