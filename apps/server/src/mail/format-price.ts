import { formatMoney } from '../platform/money.ts'
import type { PlanProps } from './mail.queues.ts'

type Price = Pick<PlanProps, 'currency' | 'billingPeriod' | 'interval'> & { cents: number }

/** Formats the price of a period: $19.00 a month, $49.00 every 3 months. */
export function formatPrice({ cents, currency, billingPeriod, interval }: Price): string {
  const { unit, count } = interval ?? { unit: billingPeriod === 'yearly' ? 'year' : 'month', count: 1 }
  return `${formatMoney(cents, currency)} ${count === 1 ? `a ${unit}` : `every ${count} ${unit}s`}`
}
