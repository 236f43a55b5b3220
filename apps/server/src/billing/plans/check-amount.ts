import { InvalidInput } from '../../platform/errors/errors.ts'
import { smallestStep } from '../../platform/money.ts'

/** @throws {InvalidInput} for a price that the currency does not have */
export function checkAmount({ priceCents, currency }: { priceCents: number; currency: string }): void {
  const step = smallestStep(currency)
  if (priceCents % step === 0) return
  throw new InvalidInput({ priceCents: `must be a multiple of ${step} in ${currency}` })
}
