import { previousAttributes } from '../events/diff.ts'
import { emit } from '../events/emit.ts'
import type { Account } from '../state/account.ts'
import type { ItemRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { serializeDiscount } from './coupon.ts'

type Discounted = Pick<SubscriptionRow, 'id' | 'discounts'> & {
  readonly items: readonly Pick<ItemRow, 'id' | 'discounts'>[]
}

/**
 * Binds new discounts to their subscription or item, marks removed ones as deleted, and emits the events for them. An
 * only discount that is replaced by another one is announced as an update.
 *
 * @param before null for a new subscription.
 */
export function announceDiscounts(account: Account, before: Discounted | null, after: Discounted): void {
  const [old, present] = [before ? idsOf(before) : [], idsOf(after)]
  if (old.length === 0 && present.length === 0) return
  const added = present.filter((id) => !old.includes(id))
  const removed = old.filter((id) => !present.includes(id))
  for (const id of added) bind(account, id, after)
  for (const id of removed) account.discounts.patch(id, { deleted: true })
  const [replaced, replacement] = [removed[0], added[0]]
  if (old.length === 1 && present.length === 1 && replaced !== undefined && replacement !== undefined) {
    const now = serializeDiscount(account.discounts.get(replacement))
    const was = serializeDiscount({ ...account.discounts.get(replaced), deleted: false })
    emit(account, 'customer.discount.updated', now, previousAttributes({ ...was }, { ...now }))
    return
  }
  // The event of a removed discount has it as it was.
  for (const id of removed)
    emit(account, 'customer.discount.deleted', serializeDiscount({ ...account.discounts.get(id), deleted: false }))
  for (const id of added) emit(account, 'customer.discount.created', serializeDiscount(account.discounts.get(id)))
}

function idsOf({ discounts, items }: Discounted): string[] {
  return [...discounts, ...items.flatMap((item) => item.discounts)]
}

function bind(account: Account, id: string, { id: subscription, discounts, items }: Discounted): void {
  const item = items.find((candidate) => candidate.discounts.includes(id))
  account.discounts.patch(id, discounts.includes(id) || !item ? { subscription } : { subscription_item: item.id })
}
