import { InvalidInput } from '../../platform/errors/errors.ts'
import { smallestStep } from '../../platform/money.ts'

/** @throws {InvalidInput} for a price that the currency does not have */
export function checkAmount({ priceCents, perSeatCents, currency }: Amounts): void {
  const step = smallestStep(currency)
  const mustBe = `must be a multiple of ${step} in ${currency}`
  if (priceCents % step !== 0) throw new InvalidInput({ priceCents: mustBe })
  if ((perSeatCents ?? 0) % step !== 0) throw new InvalidInput({ 'seats.perSeatCents': mustBe })
}

interface Amounts {
  priceCents: number
  perSeatCents?: number | null | undefined
  currency: string
}
