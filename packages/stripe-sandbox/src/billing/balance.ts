import { newId } from '../ids.ts'
import { updateCustomer } from '../resources/customer.ts'
import type { Account } from '../state/account.ts'
import type { BalanceTransactionRow } from '../state/rows/customer.ts'

/** Changes a customer's balance by `amount` (negative for credit) and records the transaction that explains it. */
export function moveBalance(
  account: Account,
  customerId: string,
  given: Pick<BalanceTransactionRow, 'amount' | 'currency' | 'type'> & Partial<BalanceTransactionRow>,
): BalanceTransactionRow {
  const customer = account.customers.get(customerId)
  const ending_balance = customer.balance + given.amount
  const row = account.balanceTransactions.insert({
    id: newId('cbtxn'),
    created: account.nowOf(customerId),
    credit_note: null,
    customer: customerId,
    description: null,
    ending_balance,
    invoice: null,
    metadata: {},
    ...given,
  })
  updateCustomer(account, customerId, { balance: ending_balance, currency: customer.currency ?? given.currency })
  return row
}
