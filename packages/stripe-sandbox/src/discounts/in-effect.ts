import type { Account } from '../state/account.ts'

/** The discounts that have not ended at `time`. A `repeating` one does not apply to an invoice at its very end. */
export function inEffect(account: Account, ids: readonly string[], time: number): string[] {
  return ids.filter((id) => {
    const { end } = account.discounts.get(id)
    return end === null || end > time
  })
}
