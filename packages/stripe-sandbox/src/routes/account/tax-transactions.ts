import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash, mergeMetadata, metadata, required, string, timestamp } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeTaxTransaction, serializeTransactionLine } from '../../resources/tax-calculation.ts'
import type { Account } from '../../state/account.ts'
import { inParam, inPath } from '../lookup.ts'
import { REVERSAL, reverseAll, reversePart } from './reverse-transaction.ts'

const FROM_CALCULATION = hash({
  calculation: required(string()),
  metadata: metadata(),
  posted_at: timestamp(),
  reference: required(string({ max: 500 })),
})
/** @see https://docs.stripe.com/api/tax/transactions */
export const taxTransactionRoutes = [
  route('POST', '/tax/transactions/create_from_calculation', FROM_CALCULATION, ({ account, params }) => {
    const { calculation, metadata: given, posted_at, reference } = params
    const {
      id: _id,
      expires_at,
      ...row
    } = inParam(account.taxCalculations, calculation, 'tax calculation', 'calculation')
    const created = account.now()
    if (expires_at <= created)
      throw invalidRequest(`The tax calculation ${calculation} has expired.`, { param: 'calculation' })
    checkReference(account, reference)
    return serializeTaxTransaction(
      account.taxTransactions.insert({
        ...row,
        id: newId('tax'),
        created,
        lines: row.lines.map((line) => ({ ...line, id: newId('tax_li') })),
        metadata: mergeMetadata({}, given),
        original: null,
        posted_at: posted_at ?? created,
        reference,
      }),
    )
  }),
  route('POST', '/tax/transactions/create_reversal', REVERSAL, ({ account, params }) => {
    const { metadata: given, original_transaction: original, reference } = params
    const row = inParam(account.taxTransactions, original, 'tax transaction', 'original_transaction')
    if (row.original !== null) throw invalidRequest('A reversal cannot be reversed.', { param: 'original_transaction' })
    checkReference(account, reference)
    const { lines, shipping } =
      params.mode === 'full' ? reverseAll(account, row, params) : reversePart(account, row, params)
    const created = account.now()
    return serializeTaxTransaction(
      account.taxTransactions.insert({
        ...row,
        id: newId('tax'),
        created,
        lines,
        metadata: mergeMetadata({}, given),
        original,
        posted_at: created,
        reference,
        shipping,
      }),
    )
  }),
  route('GET', '/tax/transactions/:id', hash({}), ({ account, id }) =>
    serializeTaxTransaction(inPath(account.taxTransactions, id, 'tax transaction')),
  ),
  route('GET', '/tax/transactions/:id/line_items', hash(PAGE), ({ account, id, params }) => {
    const { lines } = inPath(account.taxTransactions, id, 'tax transaction')
    return page(`/v1/tax/transactions/${id}/line_items`, lines.toReversed(), params, serializeTransactionLine)
  }),
]

/** @throws {StripeApiError} 400 for a reference that another transaction has. */
function checkReference(account: Account, reference: string): void {
  const other = account.taxTransactions.all().find((row) => row.reference === reference)
  if (other)
    throw invalidRequest(`The reference \`${reference}\` is already used by the tax transaction ${other.id}.`, {
      param: 'reference',
    })
}
