import { formatMoney } from '../platform/money.ts'
import type { PlanProps } from './mail.queues.ts'
import type { MailTexts } from './texts/en.ts'

type Price = Pick<PlanProps, 'currency' | 'billingPeriod' | 'interval'> & { cents: number }

/** Formats the price of a period: $19.00 a month, $49.00 every 3 months. */
export function formatPrice({ price, moneyLocale }: MailTexts, { cents, currency, ...period }: Price): string {
  const interval = period.interval ?? { unit: period.billingPeriod === 'yearly' ? 'year' : 'month', count: 1 }
  return price(formatMoney(cents, currency, moneyLocale), interval)
}
