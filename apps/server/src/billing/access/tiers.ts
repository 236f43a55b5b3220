import type { PlanView } from '../billing.schemas.ts'

export type Tier = PlanView['tier']

/** Orders the tiers: a higher tier includes everything in the lower ones. */
export const TIER_RANKS: Record<Tier, number> = { free: 0, pro: 1, vip: 2 }
