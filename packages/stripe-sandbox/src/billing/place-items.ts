import { newId } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { ItemRow, ItemThresholds, SubscriptionRow } from '../state/rows/subscription.ts'
import { periodAround } from './periods.ts'
import { isSameInterval, recurrenceOf } from './recurring-price.ts'

/** An item as an update requests it; an id of null means a new item. */
export interface ItemChange {
  readonly id: string | null
  readonly price: string
  readonly quantity: number
  readonly metadata: Record<string, string>
  /** Undefined keeps those of the item. */
  readonly discounts?: string[]
  readonly tax_rates?: string[]
  /** Null removes it. */
  readonly billing_thresholds?: ItemThresholds | null | undefined
}

/** The items of a subscription after a change, in the periods that `periodOf` says. */
export function placeItems(
  old: SubscriptionRow,
  wanted: readonly (ItemChange | ItemRow)[],
  now: number,
  periodOf: (item: ItemChange | ItemRow) => Period,
): ItemRow[] {
  return wanted.map((item): ItemRow => {
    const before = old.items.find((candidate) => candidate.id === item.id)
    const { start, end } = periodOf(item)
    return {
      id: before?.id ?? newId('si', 14),
      created: before?.created ?? now,
      price: item.price,
      quantity: item.quantity,
      metadata: item.metadata,
      current_period_start: start,
      current_period_end: end,
      debit: before?.debit ?? null,
      ...(before?.ahead && { ahead: before.ahead }),
      discounts: item.discounts ?? before?.discounts ?? [],
      tax_rates: item.tax_rates ?? before?.tax_rates ?? [],
      ...thresholdsOf(before, item),
      ...usageStart(before, item, now),
    }
  })
}

function thresholdsOf(
  before: ItemRow | undefined,
  { billing_thresholds: wanted }: ItemChange | ItemRow,
): Pick<ItemRow, 'billing_thresholds'> {
  const kept = wanted === undefined ? before?.billing_thresholds : (wanted ?? undefined)
  return kept === undefined ? {} : { billing_thresholds: kept }
}

/** A new or replaced item's usage counts from now on. That of an item that stays counts as before in its period. */
function usageStart(before: ItemRow | undefined, { price }: ItemChange | ItemRow, now: number): { usageFrom?: number } {
  if (before?.price !== price) return { usageFrom: now }
  return before.usageFrom === undefined ? {} : { usageFrom: before.usageFrom }
}

interface Period {
  readonly start: number
  readonly end: number
}

/** The period of an item while its subscription is paused: its own, or for a new item that of the others. */
export function pausedPeriod({ items }: SubscriptionRow, { id }: ItemChange | ItemRow): Period {
  const item = items.find((each) => each.id === id) ?? items[0]
  return { start: item?.current_period_start ?? 0, end: item?.current_period_end ?? 0 }
}

/** The period that an item is in without a restart: that of the items with its interval, or counted from the anchor. */
export function presentPeriod(account: Account, old: SubscriptionRow, item: ItemChange | ItemRow, now: number): Period {
  const own = recurrenceOf(account, item)
  const alike =
    old.status === 'trialing'
      ? old.items[0]
      : old.items.find((candidate) => isSameInterval(recurrenceOf(account, candidate), own))
  return alike
    ? { start: alike.current_period_start, end: alike.current_period_end }
    : periodAround(old.billing_cycle_anchor, own, now)
}
