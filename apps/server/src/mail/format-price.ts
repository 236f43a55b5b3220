import { formatMoney } from '../platform/money.ts'
import { dayOf } from './format.ts'
import type { PlanProps } from './mail.queues.ts'
import type { MailTexts } from './texts/en.ts'

type Price = Pick<PlanProps, 'currency' | 'billingPeriod' | 'interval' | 'discountEndsAt'> & { cents: number }

/** Formats the price of a period: $19.00 a month, $49.00 every 3 months (discounted until 3 August 2027). */
export function formatPrice(texts: MailTexts, { cents, currency, discountEndsAt, ...period }: Price): string {
  const interval = period.interval ?? { unit: period.billingPeriod === 'yearly' ? 'year' : 'month', count: 1 }
  const price = texts.price(formatMoney(cents, currency, texts.moneyLocale), interval)
  return discountEndsAt ? texts.discounted(price, dayOf(texts, discountEndsAt)) : price
}
