import { formatMoney } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'

/** What discounts took off an amount and which taxes are in it, in words; empty if there is neither. */
export function describeParts(
  { discountCents, taxCents }: { discountCents: number | null; taxCents: number | null },
  currency: string,
): string {
  const words = t.billing.parts
  return [
    ...(discountCents ? [words.discount(formatMoney(discountCents, currency))] : []),
    ...(taxCents ? [words.tax(formatMoney(taxCents, currency))] : []),
  ].join(' · ')
}
