/** What an invoice is made of, in the currency's smallest unit. */
export interface AmountParts {
  /** Before discounts. With a tax that the prices include, but without one that is added to them. */
  subtotalCents: number
  discountCents: number
  /** All taxes, whether the prices include them or not. */
  taxCents: number
}

export const NO_AMOUNT: AmountParts = { subtotalCents: 0, discountCents: 0, taxCents: 0 }

/** An amount of a provider without discounts and taxes. */
export const untaxed = (subtotalCents: number): AmountParts => ({ ...NO_AMOUNT, subtotalCents })
