import { formatMoney } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import { formatDay } from './dates.ts'
import type { Subscription } from './subscription-status.ts'

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 2 })

/** The discounts that run on a subscription: `Launch: 50% off until Feb 27, 2027`. Empty if there are none. */
export function describeDiscounts({
  discounts,
  currency,
  timeZone,
}: Pick<Subscription, 'discounts' | 'currency' | 'timeZone'>): string {
  const words = t.billing.discounts
  return discounts
    .map(({ name, percentOff, amountOffCents, duration, endsAt }) => {
      const off = words.off(
        percentOff === null ? formatMoney(amountOffCents ?? 0, currency) : percent.format(percentOff / 100),
      )
      const end = endsAt && words.until(formatDay(endsAt, timeZone))
      return words.named(name, [off, duration === 'once' ? words.once : end].filter(Boolean).join(' '))
    })
    .join(' · ')
}
