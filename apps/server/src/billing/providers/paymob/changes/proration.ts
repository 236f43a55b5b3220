import { PaymentDue } from '../../../billing.errors.ts'
import { moneyOf } from '../invoices.ts'
import { presentPrice, type Ledger } from '../ledger.ts'

/**
 * What a change to another price costs at a moment: the new price for the time left, less the present price for the
 * time left, as far as the period was paid and is still ours. It is rounded once, to the currency's smallest unit, half
 * up, so the preview and the charge are the same.
 *
 * @returns a negative amount for a credit.
 * @throws {PaymentDue} while the current period is not paid.
 */
export function differenceAt(ledger: Ledger, newCents: number, at: Date): number {
  const { billed, kept, isPending } = moneyOf(ledger)
  if (isPending) throw new PaymentDue()
  const { start, end } = ledger.period
  const total = BigInt(Math.max(1, end.getTime() - start.getTime()))
  const left = BigInt(Math.min(Math.max(0, end.getTime() - at.getTime()), Number(total)))
  const present = BigInt(presentPrice(ledger).amountCents)
  // Nothing was billed if an operator began it: then nothing is credited.
  const share = billed > 0 ? { kept: BigInt(kept), billed: BigInt(billed) } : { kept: 0n, billed: 1n }
  const worth = (BigInt(newCents) * share.billed - present * share.kept) * left
  return Number(roundHalfUp(worth, total * share.billed))
}

/** What the time left of the current period is worth: of what was paid for it, the part that is still ours. Rounded down. */
export function unusedAt(ledger: Ledger, at: Date): number {
  const { billed, kept, isPending } = moneyOf(ledger)
  if (isPending || billed <= 0) return 0
  const { start, end } = ledger.period
  const total = BigInt(Math.max(1, end.getTime() - start.getTime()))
  const left = BigInt(Math.min(Math.max(0, end.getTime() - at.getTime()), Number(total)))
  return Number((BigInt(presentPrice(ledger).amountCents) * BigInt(kept) * left) / (total * BigInt(billed)))
}

/** BigInt division goes towards zero. A half goes away from zero, on both sides. */
function roundHalfUp(dividend: bigint, divisor: bigint): bigint {
  const sign = dividend < 0n ? -1n : 1n
  return (sign * (2n * sign * dividend + divisor)) / (2n * divisor)
}
