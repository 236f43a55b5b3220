import type { Subscription } from './subscription-status.ts'

/** What the user can do with a plan. `pay` means to pay what is due first. */
export type PlanChoice = 'subscribe' | 'change' | 'yours' | 'scheduled' | 'pay'

/** How to get from the current subscription to this plan. The backend decides whether the user may. */
export function choiceOf(plan: { id: string }, current: Subscription | null): PlanChoice {
  if (!current || current.accessReason === 'ended') return 'subscribe'
  if (current.plan.id === plan.id) return 'yours'
  // A grant can't be changed: it ends when a paid subscription starts.
  if (current.provider === 'manual') return 'subscribe'
  if (current.status !== 'active' && current.status !== 'trialing') return 'pay'
  return current.scheduledChange?.plan.id === plan.id ? 'scheduled' : 'change'
}
