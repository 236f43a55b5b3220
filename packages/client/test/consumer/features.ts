// A program that has registered its plans, type-checked where only the packed client is installed.
import { createTollgateClient, type FeatureName } from '@tollgate/client'
import type plans from './tollgate.plans.ts'

declare module '@tollgate/client' {
  interface Register {
    plans: typeof plans
  }
}

const { features } = await createTollgateClient({ url: 'http://localhost:3000' }).api.billing.entitlements.query()
export const isAllowed: boolean = features.exports.allowed
// @ts-expect-error -- exprots is no feature
export const isMisspelt = features.exprots

export const known: FeatureName = 'projects'
// @ts-expect-error -- projetcs is no feature
export const misspelt: FeatureName = 'projetcs'
