import { invalidRequest } from '../../http/errors.ts'
import type { Account } from '../../state/account.ts'
import { hasCurrency } from '../../state/price-in.ts'

/**
 * The currency of a purchase: the one that the request asks for, or the customer's if the prices have it, or that of the
 * first price.
 *
 * @throws {StripeApiError} 400 if a price lacks the currency, or if the customer has another one.
 * @see https://docs.stripe.com/invoicing/multi-currency-customers
 */
export function currencyOf(
  account: Account,
  prices: readonly { readonly price: string }[],
  {
    asked,
    own,
    list,
  }: { asked: string | undefined; own: string | null; list: 'items' | 'line_items' | 'subscription_details[items]' },
): string {
  const rows = prices.map(({ price }) => account.prices.get(price))
  const suits = own !== null && rows.every((price) => hasCurrency(price, own))
  const currency = asked ?? (suits ? own : (rows[0]?.currency ?? 'usd'))
  const lacking = rows.findIndex((price) => !hasCurrency(price, currency))
  if (asked !== undefined && lacking !== -1)
    throw invalidRequest(
      `The price specified supports currencies of \`${rows[lacking]?.currency}\`. This doesn't match the expected currency: \`${currency}\`.`,
      { param: `${list}[${lacking}][price]` },
    )
  if (own !== null && currency !== own)
    throw invalidRequest(
      `You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency ${own}`,
      { param: `${list}[0][price]` },
    )
  return currency
}
