import type { FeatureLimit, FeatureUse, OverrideValue } from '../feature.schemas.ts'

/** A feature's limit in words that are the same for every value. A feature that is not included has the limit 0. */
export function limitOf(value: OverrideValue | undefined): FeatureLimit {
  if (value === true) return { limit: null, per: 'total' }
  return value ? value : { limit: 0, per: 'total' }
}

/** What is left of a limit. Lowering a limit below what is used leaves nothing. */
export function featureUse(limit: number | null, used: number, resetsAt: Date | null): FeatureUse {
  const remaining = limit === null ? null : Math.max(0, limit - used)
  return { allowed: remaining !== 0, limit, used, remaining, resetsAt }
}
