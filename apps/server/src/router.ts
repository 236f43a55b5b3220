import { createAuthRouter, createIdentityRouter, createProfileRouter, createSessionRouter, type AuthParts } from './auth/index.ts'
import { createBillingRouter, type BillingParts } from './billing/index.ts'
import { router } from './platform/trpc.ts'

/** The whole typed API, built once at start. */
export function createAppRouter({ auth, billing }: { auth: AuthParts; billing: BillingParts }) {
  return router({
    auth: createAuthRouter(auth),
    sessions: createSessionRouter(auth),
    identities: createIdentityRouter(auth),
    profile: createProfileRouter(auth),
    billing: createBillingRouter(billing),
  })
}

export type AppRouter = ReturnType<typeof createAppRouter>
