import { amountsOf } from '../amounts/invoice-amounts.ts'
import { updateSubscription } from '../resources/subscription.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceLine, InvoiceRow } from '../state/rows/invoice.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { endCustomerDiscount } from './customer-discount.ts'
import { inEffect } from './in-effect.ts'

/** When the next discount of a subscription or of one of its items ends; null if none has an end. */
export function nextDiscountEnd(account: Account, row: SubscriptionRow): number | null {
  const ends = discountsOf(row).flatMap((id) => account.discounts.get(id).end ?? [])
  return ends.length === 0 ? null : Math.min(...ends)
}

/** Removes the discounts that have ended from a subscription. */
export function endDiscounts(account: Account, id: string): void {
  const row = account.subscriptions.get(id)
  const kept = new Set(inEffect(account, discountsOf(row), account.nowOf(row.customer)))
  remove(account, row, (discount) => !kept.has(discount))
}

/** Removes the `once` discounts that an invoice has used from its subscription. */
export function useUpDiscounts(account: Account, id: string, invoice: InvoiceRow): void {
  useUpInherited(account, invoice)
  const row = account.subscriptions.get(id)
  if (row.ended_at !== null || discountsOf(row).length === 0) return
  const applied = amountsOf(account, invoice).discounts.filter(({ amount }) => amount > 0)
  const used = [...applied.map(({ discount }) => discount), ...includedIn(invoice.lines)]
  removeOnce(account, row, used)
}

/** Takes away a customer's `once` discount that an invoice has used. */
export function useUpInherited(account: Account, invoice: InvoiceRow): void {
  const { discount } = account.customers.get(invoice.customer)
  if (discount == null || !invoice.discounts.includes(discount)) return
  const used = amountsOf(account, invoice).discounts.some((each) => each.discount === discount && each.amount > 0)
  if (used && account.discounts.get(discount).terms.duration === 'once') endCustomerDiscount(account, invoice.customer)
}

/** Removes the `once` discounts that prorations have taken into account from their subscription. */
export function useUpInProrations(account: Account, id: string, lines: readonly InvoiceLine[]): void {
  removeOnce(account, account.subscriptions.get(id), includedIn(lines))
}

function removeOnce(account: Account, row: SubscriptionRow, used: readonly string[]): void {
  remove(
    account,
    row,
    (discount) => used.includes(discount) && account.discounts.get(discount).terms.duration === 'once',
  )
}

function remove(account: Account, row: SubscriptionRow, isOver: (discount: string) => boolean): void {
  if (!discountsOf(row).some(isOver)) return
  const rest = (discounts: readonly string[]): string[] => discounts.filter((discount) => !isOver(discount))
  updateSubscription(account, row.id, {
    discounts: rest(row.discounts),
    items: row.items.map((item) => ({ ...item, discounts: rest(item.discounts) })),
  })
}

function discountsOf({ discounts, items }: SubscriptionRow): string[] {
  return [...discounts, ...items.flatMap((item) => item.discounts)]
}

function includedIn(lines: readonly InvoiceLine[]): string[] {
  return lines.flatMap((line) => line.included_discounts)
}
