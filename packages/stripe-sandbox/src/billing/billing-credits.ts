import { amountsOf } from '../amounts/invoice-amounts.ts'
import { emit, emitUpdated } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { creditLeft, serializeCreditGrant, serializeCreditTransaction } from '../resources/credit-grant.ts'
import type { Account } from '../state/account.ts'
import type { CreditGrantRow, CreditTransactionRow } from '../state/rows/billing-credit.ts'
import type { AppliedCredit, InvoiceLine, InvoiceRow } from '../state/rows/invoice.ts'

type NewGrant = Omit<CreditGrantRow, 'id' | 'created' | 'test_clock' | 'updated' | 'voided_at'>

/** Grants a customer credit for metered prices. */
export function grantCredit(account: Account, given: NewGrant): CreditGrantRow {
  const now = account.nowOf(given.customer)
  const row = account.creditGrants.insert({
    id: newId('credgr'),
    created: now,
    updated: now,
    test_clock: account.customers.get(given.customer).test_clock,
    voided_at: null,
    ...given,
  })
  emit(account, 'billing.credit_grant.created', serializeCreditGrant(row))
  record(account, row, { amount: row.amount, reason: 'credits_granted', effective_at: row.effective_at })
  return row
}

/** Changes a grant, with its event. */
export function updateGrant(account: Account, old: CreditGrantRow, changes: Partial<CreditGrantRow>): CreditGrantRow {
  const row = account.creditGrants.patch(old.id, { ...changes, updated: account.nowOf(old.customer) })
  emitUpdated(account, 'billing.credit_grant.updated', serializeCreditGrant(old), serializeCreditGrant(row))
  return row
}

/** Takes away what is left of a grant that ends now. */
export function endGrant(account: Account, old: CreditGrantRow, reason: 'expired' | 'voided'): CreditGrantRow {
  const now = account.nowOf(old.customer)
  const left = creditLeft(account, old.id)
  const row = updateGrant(account, old, reason === 'expired' ? { expires_at: now } : { voided_at: now })
  if (left > 0) record(account, row, { amount: -left, reason: `credits_${reason}`, effective_at: now })
  return row
}

/** Records what has expired since. The rest of the sandbox looks at what is left only after this. */
export function expireGrants(account: Account, customer: string): void {
  const now = account.nowOf(customer)
  for (const row of account.creditGrants.by('customer', customer)) {
    if (row.expires_at === null || row.expires_at > now) continue
    const left = creditLeft(account, row.id)
    if (left > 0) record(account, row, { amount: -left, reason: 'credits_expired', effective_at: row.expires_at })
  }
}

/** The grants of a customer that can be used now, in the order in which they are used. */
function usableGrants(account: Account, customer: string, currency: string): CreditGrantRow[] {
  const now = account.nowOf(customer)
  return account.creditGrants
    .by('customer', customer)
    .filter(
      (row) =>
        row.currency === currency &&
        row.voided_at === null &&
        row.effective_at <= now &&
        (row.expires_at === null || row.expires_at > now),
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

/**
 * Applies a customer's credit to the metered lines of a draft that is being finalized: after discounts, before taxes.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
 */
export function applyCredits(account: Account, draft: InvoiceRow): InvoiceRow {
  const { currency, customer, id, lines, subscription } = draft
  if (subscription === null || account.creditGrants.by('customer', customer).length === 0) return draft
  expireGrants(account, customer)
  const owed = amountsOf(account, draft).lines.map(({ net }) => net)
  const credits: AppliedCredit[] = []
  for (const grant of usableGrants(account, customer, currency)) {
    let left = creditLeft(account, grant.id)
    for (const [index, line] of lines.entries()) {
      const amount = Math.min(left, owed[index] ?? 0)
      if (amount <= 0 || !covers(account, grant, line)) continue
      const used = { invoice: id, invoice_line_item: line.id }
      const reason = 'credits_applied' as const
      const transaction = record(account, grant, { amount: -amount, reason, ...used })
      credits.push({ line: line.id, amount, transaction: transaction.id })
      owed[index] = (owed[index] ?? 0) - amount
      left -= amount
    }
  }
  return credits.length === 0 ? draft : account.invoices.patch(id, { credits })
}

/** Gives back the credit that a voided invoice has used. */
export function reinstateCredits(account: Account, { credits = [], id }: InvoiceRow): void {
  for (const { amount, line, transaction } of credits) {
    const grant = account.creditGrants.get(account.creditTransactions.get(transaction).credit_grant)
    const used = { invoice: id, invoice_line_item: line }
    record(account, grant, { amount, reason: 'credits_application_invoice_voided', ...used })
  }
}

function covers(account: Account, { prices }: CreditGrantRow, { price, subscription_item }: InvoiceLine): boolean {
  if (price === null || subscription_item === null || account.prices.get(price).meter === null) return false
  return prices === null || prices.includes(price)
}

function record(
  account: Account,
  { currency, customer, id, test_clock }: CreditGrantRow,
  given: Pick<CreditTransactionRow, 'amount' | 'reason'> & Partial<CreditTransactionRow>,
): CreditTransactionRow {
  const now = account.nowOf(customer)
  const row = account.creditTransactions.insert({
    id: newId('cbtxn'),
    created: now,
    credit_grant: id,
    currency,
    customer,
    effective_at: now,
    invoice: null,
    invoice_line_item: null,
    test_clock,
    ...given,
  })
  emit(account, 'billing.credit_balance_transaction.created', serializeCreditTransaction(row))
  return row
}
