import type { Subscription } from './subscription-status.ts'

/** What a reader can do about a plan: `settle` is to pay first what is open. */
export type PlanChoice = 'subscribe' | 'change' | 'yours' | 'waiting' | 'settle'

/** Which way leads from what somebody has, if anything, to this plan; the backend decides whether it may be gone. */
export function choiceOf(plan: { id: string }, current: Subscription | null): PlanChoice {
  if (!current || current.accessReason === 'ended') return 'subscribe'
  if (current.plan.id === plan.id) return 'yours'
  // Nobody pays for a grant, so there is nothing to change: it ends when a paid subscription starts.
  if (current.provider === 'manual') return 'subscribe'
  if (current.status !== 'active' && current.status !== 'trialing') return 'settle'
  return current.scheduledChange?.plan.id === plan.id ? 'waiting' : 'change'
}
