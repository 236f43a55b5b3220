import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { formatDay } from './dates.ts'
import { formatPrice } from './price.ts'
import type { Subscription } from './subscription-status.ts'

export type ChangePreview = RouterOutputs['billing']['subscriptions']['previewChange']
type Plan = Subscription['plan']

export interface PlanChange {
  from: Subscription
  to: Plan
  preview: ChangePreview
}

interface ChangeWords {
  /** What happens and what it costs. */
  meaning: string
  /** The label of the button that confirms it. */
  action: string
}

/** Whether the change waits for the end of the paid period. */
export function isWaiting({ from, to, preview }: PlanChange): boolean {
  return from.plan.id !== to.id && preview.takesEffectAt > preview.prorationDate
}

/** Describes a plan change before the user confirms it. */
export function describeChange(change: PlanChange): ChangeWords {
  const { from, to, preview } = change
  const { dueNowCents, currency, nextPaymentAt, takesEffectAt } = preview
  if (from.plan.id === to.id) {
    return { meaning: `You stay on ${to.name}. Your scheduled change is canceled.`, action: `Stay on ${to.name}` }
  }
  if (isWaiting(change)) {
    const day = formatDay(takesEffectAt)
    const price = to.priceCents === 0 ? 'which is free' : `for ${formatPrice(to)}`
    return {
      meaning: `You keep ${from.plan.name} until ${day}. Then you move to ${to.name}, ${price}. Nothing is charged now.`,
      action: `Change on ${day}`,
    }
  }
  if (dueNowCents > 0) {
    const amount = formatMoney(dueNowCents, currency)
    return {
      meaning:
        `${to.name} starts immediately. We charge ${amount} to your card now: ` +
        `the price of ${to.name} until ${formatDay(nextPaymentAt)}, minus the unused time on ${from.plan.name}.`,
      action: `Pay ${amount} and change`,
    }
  }
  const trial = from.status === 'trialing' ? ' Your trial continues.' : ''
  return { meaning: `${to.name} starts immediately. Nothing is charged now.${trial}`, action: `Change to ${to.name}` }
}
