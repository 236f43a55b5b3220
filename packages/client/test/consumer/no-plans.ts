// A program whose plans file is empty so far: any code, tier and currency of a plan compiles.
import { createTollgateClient, definePlans, type FeatureName } from '@tollgate/client'

const plans = definePlans({ features: ['exports'], plans: {} })

declare module '@tollgate/client' {
  interface Register {
    plans: typeof plans
  }
}

const { billing } = createTollgateClient({ url: 'http://localhost:3000' }).api
await billing.subscriptions.subscribe.mutate({ planCode: 'pro', currency: 'usd' })
export const { tier, features } = await billing.entitlements.query()
export const known: FeatureName = 'exports'
export const isAllowed: boolean = features.exports.allowed
export const empty = definePlans({ plans: {} })
