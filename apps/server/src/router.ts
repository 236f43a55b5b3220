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

/** Builds the typed API, once at start. */
export function createAppRouter({ auth, billing, queues }: { auth: AuthDeps } & AdminDeps) {
  return router({
    auth: createAuthRouter(auth),
    sessions: createSessionRouter(auth),
    identities: createIdentityRouter(auth),
    profile: createProfileRouter(auth),
    billing: createBillingRouter(billing),
    admin: createAdminRouter({ billing, queues }),
  })
}

export type AppRouter = ReturnType<typeof createAppRouter>
