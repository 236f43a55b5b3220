import { definePlans } from '@tollgate/client'
import { defineConfig, z } from '@tollgate/config'

// Every mistake here must not compile: `npm run check` type-checks this file.

const plans = definePlans({
  features: ['todos'],
  plans: {
    free: { name: 'Free', tier: 'free', prices: [{ billingPeriod: 'monthly', currency: 'usd', priceCents: 0 }] },
  },
})

declare module '@tollgate/client' {
  interface Register {
    plans: typeof plans
  }
}

export const mistaken = defineConfig({
  users: {
    publicData: z.object({ company: z.string().optional() }),
    // @ts-expect-error there is no such field
    writable: ['compny'],
    // @ts-expect-error there is no such field
    signUp: ['compny'],
  },
  reasons: { TODO_NOT_FOUND: { code: 'NOT_FOUND', message: 'There is no such todo.' } },
  jobs: { tidy: { data: z.object({ day: z.string() }), async run() {} } },
  procedures: (kit) => ({
    // @ts-expect-error there is no such right
    right: kit.member('sea').query(() => 1),
    // @ts-expect-error there is no such right
    ofTier: kit.tier('pro', 'sea').query(() => 1),
    // @ts-expect-error there is no such tier
    tier: kit.tier('prro').query(() => 1),
    // @ts-expect-error there is no such feature
    feature: kit.feature('todo').query(() => 1),
    // @ts-expect-error a procedure can't change what its guard says about it
    meta: kit.user.meta({ limit: 'none' }).query(() => 1),
    // @ts-expect-error users have no such field
    field: kit.user.query(({ ctx }) => ctx.user.publicData.compny),
    // @ts-expect-error this guard has no account
    account: kit.user.query(({ ctx }) => ctx.account),
    transaction: kit.member().mutation(({ ctx }) =>
      ctx.transaction(async (tx) => {
        // @ts-expect-error there is no such feature
        await tx.consume({ accountId: ctx.account.id, feature: 'todo' })
        // @ts-expect-error there is no such job
        await tx.send('tidi', { day: '2026-11-30' })
        // @ts-expect-error there is no such reason
        throw kit.error('TODO_NOT_FUND')
      }),
    ),
  }),
})

export const odd = defineConfig({
  users: { publicData: z.object({ company: z.string().optional() }) },
  hooks: {
    beforeSignUp: {
      // @ts-expect-error a hook denies with a sentence
      run: (_context, { publicData }) => publicData.company === undefined,
    },
    // @ts-expect-error there is no such field
    beforeCheckout: { onFailure: 'allow', run: (_context, { planCod }) => planCod },
  },
})

export const unknownHook = defineConfig({
  // @ts-expect-error there is no such hook
  hooks: { beforeSignup: { run: () => undefined } },
})

export const taken = defineConfig({
  // @ts-expect-error the server has this reason
  reasons: { EMAIL_TAKEN: { code: 'CONFLICT', message: 'This address is taken.' } },
})

export const misspelt = defineConfig({
  // @ts-expect-error there is no such part
  procedure: () => ({}),
})
