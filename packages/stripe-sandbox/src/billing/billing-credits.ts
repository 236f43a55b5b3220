import { creditLeft, plannedCredits } from '../amounts/billing-credits.ts'
import { netAmounts } from '../amounts/invoice-amounts.ts'
import { emit, emitUpdated } from '../events/emit.ts'
import { newId } from '../ids.ts'
import { serializeCreditGrant, serializeCreditTransaction } from '../resources/credit-grant.ts'
import type { Account } from '../state/account.ts'
import type { CreditGrantRow, CreditTransactionRow } from '../state/rows/billing-credit.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'

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

/**
 * Applies a customer's credit to the metered lines of a draft that is being finalized.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
 */
export function applyCredits(account: Account, draft: InvoiceRow): InvoiceRow {
  expireGrants(account, draft.customer)
  const planned = plannedCredits(account, draft, netAmounts(account, draft))
  if (planned.length === 0) return draft
  const credits = planned.map(({ amount, grant, line }) => {
    const used = { invoice: draft.id, invoice_line_item: line }
    const given = { amount: -amount, reason: 'credits_applied' as const, ...used }
    return { line, amount, transaction: record(account, account.creditGrants.get(grant), given).id }
  })
  return account.invoices.patch(draft.id, { credits })
}

/** What a customer's drafts would use of each grant. Until they are finalized, others may use it first. */
export function reservedCredits(account: Account, customer: string): Map<string, number> {
  const reserved = new Map<string, number>()
  for (const draft of account.invoices.by('customer', customer)) {
    if (draft.status !== 'draft' || draft.deleted) continue
    for (const { amount, grant } of plannedCredits(account, draft, netAmounts(account, draft)))
      reserved.set(grant, (reserved.get(grant) ?? 0) + amount)
  }
  return reserved
}

/** Gives back the credit that a voided invoice has used. What has expired since expires again at once. */
export function reinstateCredits(account: Account, { credits = [], id }: InvoiceRow): void {
  for (const { amount, line, transaction } of credits) {
    if (transaction === null) continue
    const grant = account.creditGrants.get(account.creditTransactions.get(transaction).credit_grant)
    const used = { invoice: id, invoice_line_item: line }
    record(account, grant, { amount, reason: 'credits_application_invoice_voided', ...used })
    if (grant.expires_at !== null && grant.expires_at <= account.nowOf(grant.customer))
      record(account, grant, { amount: -amount, reason: 'credits_expired' })
  }
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
