import { newId } from '../ids.ts'
import { prorate } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { LedgerEntryRow } from '../state/rows/payment.ts'

/**
 * Records a movement of the account's balance. A charge costs 2.9% + 30 cents, as for US cards; refunds return no
 * fee.
 */
export function recordMovement(
  account: Account,
  given: Pick<LedgerEntryRow, 'created' | 'amount' | 'currency' | 'source' | 'type'>,
): LedgerEntryRow {
  return account.ledger.insert({
    ...given,
    id: newId('txn'),
    description: null,
    fee: given.type === 'charge' ? prorate(given.amount, 29, 1000) + 30 : 0,
  })
}
