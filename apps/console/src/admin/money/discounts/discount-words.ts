import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { formatDay } from '../../../words/dates.ts'
import { t } from '../../texts/catalogue.ts'
import type { Subscription } from '../money-words.ts'

export type Discount = RouterOutputs['admin']['discounts']['list']['items'][number]
type Running = Subscription['discounts'][number]

const words = t.discounts

type Terms = Pick<Discount, 'percentOff' | 'amountOff' | 'currency' | 'duration' | 'months'>

/** What a discount takes off, and how long: `20% off for 3 months`. */
export function discountTerms({ percentOff, amountOff, currency, duration, months }: Terms): string {
  const off = offOf(percentOff, amountOff, currency)
  return duration === 'repeating' ? words.repeating(off, months ?? 1) : words[duration](off)
}

/** A discount that a subscription has: `Launch: 20% off until Nov 24, 2026`. */
export function runningDiscount(running: Running, currency: string): string {
  const { name, percentOff, amountOffCents, duration, endsAt } = running
  const off = offOf(percentOff, amountOffCents, currency)
  const terms = endsAt
    ? words.until(off, formatDay(endsAt))
    : duration === 'once'
      ? words.once(off)
      : words.forever(off)
  return name ? words.named(name, terms) : terms
}

function offOf(percentOff: number | null, amountOff: number | null, currency: string | null): string {
  const isAmount = amountOff !== null && currency !== null
  return words.off(isAmount ? formatMoney(amountOff, currency) : words.percent((percentOff ?? 0).toLocaleString()))
}
