import { formatMoney, minimumCharge, smallestStep } from '../money.ts'
import type { Account } from '../state/account.ts'
import { priceIn } from '../state/price-in.ts'
import type { CheckoutSessionRow, SessionLine } from '../state/rows/checkout.ts'

/** What a customer can choose to pay for a line. */
export interface AmountBounds {
  readonly minimum: number
  readonly maximum: number
  /** What applies until they choose; null for nothing. */
  readonly present: number | null
}

const MAX_AMOUNT = 99_999_999

/**
 * The amounts that a customer can choose for a line; null if its price has its own.
 *
 * @see https://docs.stripe.com/payments/checkout/pay-what-you-want
 */
export function boundsOf(
  account: Account,
  { amount, price }: Pick<SessionLine, 'amount' | 'price'>,
  currency: string,
): AmountBounds | null {
  const { custom_unit_amount: custom } = priceIn(account, price, currency)
  if (!custom) return null
  const { maximum, minimum, preset } = custom
  return {
    minimum: minimum ?? minimumCharge(currency),
    maximum: maximum ?? MAX_AMOUNT,
    present: amount ?? preset,
  }
}

/** Whether a customer can choose an amount. */
export function isAllowed({ minimum, maximum }: AmountBounds, amount: number, currency: string): boolean {
  return amount >= minimum && amount <= maximum && amount % smallestStep(currency) === 0
}

/** Whether a session still needs an amount from the customer. */
export function lacksAmount(account: Account, { currency, lines }: CheckoutSessionRow): boolean {
  return lines.some((line) => boundsOf(account, line, currency ?? 'usd')?.present === null)
}

/** Asks for an amount: `Please enter an amount between $5.00 and $50.00.` */
export function amountRequest(account: Account, { currency: given, lines }: CheckoutSessionRow): string | null {
  const currency = given ?? 'usd'
  const bounds = lines.map((line) => boundsOf(account, line, currency)).find((each) => each !== null)
  if (!bounds) return null
  return `Please enter an amount between ${formatMoney(bounds.minimum, currency)} and ${formatMoney(bounds.maximum, currency)}.`
}
