import type { Account } from '../state/account.ts'
import type { CreditGrantRow } from '../state/rows/billing-credit.ts'
import type { AppliedCredit, InvoiceLine, InvoiceRow } from '../state/rows/invoice.ts'

/** Credit of a grant that a line of a draft uses when the draft is finalized. */
export interface PlannedCredit extends AppliedCredit {
  readonly grant: string
}

/** What of an invoice decides which credit it uses. Everything that is missing means that it uses none. */
export type Creditable = Pick<InvoiceRow, 'currency' | 'lines'> &
  Partial<Pick<InvoiceRow, 'customer' | 'period_end' | 'subscription'>>

/**
 * The credit that metered lines would use if their invoice were finalized now: after discounts, before taxes. Drafts and
 * previews show it, but don't take it from the grants.
 *
 * @param owed what each line costs after discounts, in the currency's smallest unit.
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
 */
export function plannedCredits(account: Account, invoice: Creditable, owed: readonly number[]): PlannedCredit[] {
  const { customer, lines, subscription } = invoice
  if (customer === undefined || subscription == null) return []
  if (account.creditGrants.by('customer', customer).length === 0) return []
  const open = [...owed]
  const planned: PlannedCredit[] = []
  for (const grant of usableGrants(account, customer, invoice)) {
    let left = creditLeft(account, grant.id)
    for (const [index, line] of lines.entries()) {
      const amount = Math.min(left, open[index] ?? 0)
      if (amount <= 0 || !covers(account, grant, line)) continue
      planned.push({ line: line.id, amount, transaction: null, grant: grant.id })
      open[index] = (open[index] ?? 0) - amount
      left -= amount
    }
  }
  return planned
}

/** What is left of a grant, in the currency's smallest unit. */
export function creditLeft(account: Account, grant: string): number {
  return account.creditTransactions.by('credit_grant', grant).reduce((sum, { amount }) => sum + amount, 0)
}

/** The grants that an invoice can use now, in the order in which they are used. */
function usableGrants(account: Account, customer: string, { currency, period_end }: Creditable): CreditGrantRow[] {
  const now = account.nowOf(customer)
  const end = period_end ?? now
  return account.creditGrants
    .by('customer', customer)
    .filter(
      (row) =>
        row.currency === currency &&
        row.voided_at === null &&
        row.effective_at <= end &&
        (row.expires_at === null || row.expires_at > Math.max(end, now)),
    )
    .toSorted(
      (one, other) =>
        one.priority - other.priority ||
        (one.expires_at ?? Infinity) - (other.expires_at ?? Infinity) ||
        other.category.localeCompare(one.category) ||
        one.effective_at - other.effective_at ||
        one.created - other.created,
    )
}

function covers(account: Account, { prices }: CreditGrantRow, { price, subscription_item }: InvoiceLine): boolean {
  if (price === null || subscription_item === null || account.prices.get(price).meter === null) return false
  return prices === null || prices.includes(price)
}
