import { InvalidInput } from '../../platform/errors/errors.ts'
import { smallestStep } from '../../platform/money.ts'

/**
 * @param field the path of one of the price's fields in the input; by default, as of a plan's first price.
 * @throws {InvalidInput} for a price that the currency does not have
 */
export function checkAmount(
  { priceCents, perSeatCents, currency }: Amounts,
  field = (name: 'priceCents' | 'perSeatCents'): string => (name === 'perSeatCents' ? 'seats.perSeatCents' : name),
): void {
  const step = smallestStep(currency)
  const mustBe = `must be a multiple of ${step} in ${currency}`
  if (priceCents % step !== 0) throw new InvalidInput({ [field('priceCents')]: mustBe })
  if ((perSeatCents ?? 0) % step !== 0) throw new InvalidInput({ [field('perSeatCents')]: mustBe })
}

interface Amounts {
  priceCents: number
  perSeatCents?: number | null | undefined
  currency: string
}
