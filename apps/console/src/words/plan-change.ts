import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
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
  const words = t.plans.change
  if (from.plan.id === to.id) return { meaning: words.stayMeaning(to.name), action: words.stay(to.name) }
  if (isWaiting(change)) {
    const day = formatDay(takesEffectAt, from.timeZone)
    const price = to.priceCents === 0 ? words.whichIsFree : words.forPrice(formatPrice(to))
    return { meaning: words.laterMeaning(from.plan.name, day, to.name, price), action: words.later(day) }
  }
  if (dueNowCents > 0) {
    const amount = formatMoney(dueNowCents, currency)
    return {
      meaning: words.payMeaning(to.name, amount, formatDay(nextPaymentAt, from.timeZone), from.plan.name),
      action: words.pay(amount),
    }
  }
  const trial = from.status === 'trialing' ? words.trialContinues : ''
  return { meaning: words.freeMeaning(to.name) + trial, action: t.plans.changeTo(to.name) }
}
