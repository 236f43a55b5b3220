/** How the plan changes: at once or at the end of the period, within an interval or to another one. */
const KINDS = ['upgrade', 'downgrade', 'to yearly', 'to monthly'] as const
/** Whether members cost something. The account has three. */
const SEATS = [false, true] as const
/** What is taken off: for ever, for three months, or of the next invoice alone. */
const DISCOUNTS = ['none', '20 % forever', '300 off for 3 months', '50 % once'] as const
const TAXES = [false, true] as const
/** What the customer has on the balance: nothing, credit, or a debt. */
const BALANCES = [0, -700, 450] as const
/** Two to which taxes are added, and two that include them; one of these has no smaller unit. */
const CURRENCIES = ['usd', 'eur', 'cad', 'jpy'] as const

export interface Combination {
  kind: (typeof KINDS)[number]
  hasSeats: boolean
  discount: (typeof DISCOUNTS)[number]
  isTaxed: boolean
  balance: number
  currency: (typeof CURRENCIES)[number]
}

const ALL: readonly Combination[] = KINDS.flatMap((kind) =>
  SEATS.flatMap((hasSeats) =>
    DISCOUNTS.flatMap((discount) =>
      TAXES.flatMap((isTaxed) =>
        BALANCES.flatMap((balance) =>
          CURRENCIES.map((currency) => ({ kind, hasSeats, discount, isTaxed, balance, currency })),
        ),
      ),
    ),
  ),
)

/** Shares no divisor with the number of combinations, so that each is met once, and the first ones are spread. */
const STRIDE = 293

/** Some of all combinations, spread evenly. */
export function combinations(count: number): Combination[] {
  return Array.from({ length: count }, (_, index) => ALL[(index * STRIDE) % ALL.length]).filter(
    (combination) => combination !== undefined,
  )
}
