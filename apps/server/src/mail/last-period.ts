/** When a subscription ends with its current period, or before; null if another period follows. */
export function endOfLastPeriod({ endsAt, periodEnd }: { endsAt: string | null; periodEnd: string }): string | null {
  return endsAt !== null && endsAt <= periodEnd ? endsAt : null
}
