import type { ItemRow } from './rows/subscription.ts'

/** Until when an item is billed: the end of its current period, or of what was billed in advance. */
export function billedUntil({ ahead, current_period_end }: Pick<ItemRow, 'ahead' | 'current_period_end'>): number {
  return ahead?.at(-1)?.end ?? current_period_end
}
