// A program that has registered its plans, type-checked where only the packed client is installed.
import {
  createTollgateClient,
  isTollgateError,
  type FeatureName,
  type PlanCode,
  type PlanCurrency,
  type RouterOutputs,
  type TierName,
} from '@tollgate/client'
import type plans from './tollgate.plans.ts'

declare module '@tollgate/client' {
  interface Register {
    plans: typeof plans
  }
}

/** Compiles only if the two types are the same, so that an editor lists the names. */
const exactly = <A, B>(same: [A, B] extends [B, A] ? true : false) => same
exactly<FeatureName, 'exports' | 'projects'>(true)
exactly<PlanCode, 'free' | 'pro' | 'team'>(true)
exactly<TierName, 'free' | 'pro' | 'vip' | 'team'>(true)
exactly<PlanCurrency, 'usd' | 'eur'>(true)

const { billing } = createTollgateClient({ url: 'http://localhost:3000' }).api
const { features, tier } = await billing.entitlements.query()
export const isAllowed: boolean = features.exports.allowed
export const isTeam: boolean = tier === 'team'
// @ts-expect-error -- exprots is no feature
export const isMisspelt = features.exprots
// @ts-expect-error -- taem is no tier
export const isTaem = tier === 'taem'

export const known: FeatureName = 'projects'
// @ts-expect-error -- projetcs is no feature
export const misspelt: FeatureName = 'projetcs'

const { change, previewChange, subscribe } = billing.subscriptions
await subscribe.mutate({ planCode: 'pro', currency: 'eur' })
// @ts-expect-error -- prro is no plan
await subscribe.mutate({ planCode: 'prro' })
// @ts-expect-error -- no plan is sold in pounds
await subscribe.mutate({ planCode: 'pro', currency: 'gbp' })
// @ts-expect-error -- prro is no plan
await change.mutate({ planCode: 'prro' })
// @ts-expect-error -- prro is no plan
await previewChange.query({ planCode: 'prro' })

type Plan = RouterOutputs['billing']['plans']['list'][number]

/** A pricing page, and what a user has: their values are names, too. */
export async function buy(plan: Plan): Promise<void> {
  const [{ billingPeriod, currency } = plan] = plan.prices
  await subscribe.mutate({ planCode: plan.code, billingPeriod, currency })
  const subscription = await billing.subscriptions.current.query()
  if (subscription) await change.mutate({ planCode: subscription.plan.code })
}

// @ts-expect-error -- prro is no plan
export const isPro = (plan: Plan): boolean => plan.code === 'prro'

export async function unlocks(error: unknown): Promise<void> {
  if (!isTollgateError(error, 'FEATURE_REQUIRED') || !error.data.unlockedBy) return
  await change.mutate({ planCode: error.data.unlockedBy.planCode })
}
