import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { formatDay } from './dates.ts'
import { isHeld } from './plan-price.ts'
import { formatPrice } from './price.ts'
import type { Subscription } from './subscription-status.ts'

export type ChangePreview = RouterOutputs['billing']['subscriptions']['previewChange']
type Plan = Subscription['plan']

export interface PlanChange {
  from: Subscription
  /** At the price that is chosen. */
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
  return !isHeld(to, from) && preview.takesEffectAt > preview.prorationDate
}

/** Says from what to what: the plans, or the periods of one plan. */
export function describeMove(from: Subscription, to: Plan): string {
  const words = t.changes
  if (from.plan.name !== to.name || from.billingPeriod === to.billingPeriod)
    return words.fromTo(from.plan.name, to.name)
  const named = ({ billingPeriod }: Pick<Plan, 'billingPeriod'>) =>
    words.withPeriod(to.name, t.plans.periods[billingPeriod].toLowerCase())
  return words.fromTo(named(from), named(to))
}

/** Describes a plan change before the user confirms it. */
export function describeChange(change: PlanChange): ChangeWords {
  const { from, to, preview } = change
  const { dueNowCents, currency, nextPaymentAt, takesEffectAt } = preview
  const words = t.changes
  if (isHeld(to, from)) return { meaning: words.stayMeaning(to.name), action: words.stay(to.name) }
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
