import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'

/** An account's only trial. Null for a visitor, who may still have theirs; undefined if the backend has not said. */
export type Trial = RouterOutputs['billing']['trial'] | null | undefined

/** How long a plan is free if it is bought now. Nothing is promised that the backend has not said. */
export const trialDaysNow = ({ trialDays }: { trialDays: number }, trial: Trial): number =>
  trial === null || trial?.isAvailable ? trialDays : 0

/**
 * Says for whom a free trial is, or that this account has had it.
 *
 * @returns null for an account that gets it.
 */
export function describeTrial(trial: Trial, account: { kind: 'personal' | 'organization'; name: string } | null) {
  const words = t.plans.trials
  if (trial === null) return words.once
  if (!trial?.isUsed) return null
  return account?.kind === 'organization' ? words.usedOf(account.name) : words.used
}
