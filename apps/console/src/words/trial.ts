import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'

/** An account's only trial. Null for a visitor, who may still have theirs; undefined without an answer of the backend. */
export type Trial = RouterOutputs['billing']['trial'] | null | undefined

/** How many days a plan is free if it is bought now. Users are promised only what the backend has confirmed. */
export const trialDaysNow = ({ trialDays }: { trialDays: number }, trial: Trial): number =>
  trial === null || trial?.isAvailable ? trialDays : 0

/**
 * Says who a free trial is for, or that this account has had its own.
 *
 * @returns null for an account that gets it.
 */
export function describeTrial(trial: Trial, account: { kind: 'personal' | 'organization'; name: string } | null) {
  const words = t.plans.trials
  if (trial === null) return words.once
  if (!trial?.isUsed) return null
  return account?.kind === 'organization' ? words.usedOf(account.name) : words.used
}
