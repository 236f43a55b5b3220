import { invalidRequest, missingParam, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { serializeTaxTransaction, serializeTransactionLine } from '../../resources/tax-calculation.ts'
import type { Account } from '../../state/account.ts'
import type { TaxedAmount, TaxedLine, TaxedShipping, TaxTransactionRow } from '../../state/rows/tax-calculation.ts'
import { inParam, inPath } from '../lookup.ts'

const FROM_CALCULATION = hash({
  calculation: required(string()),
  metadata: metadata(),
  posted_at: timestamp(),
  reference: required(string({ max: 500 })),
})
const AMOUNT = { amount: required(integer({ max: 0 })), amount_tax: required(integer({ max: 0 })) }
const REVERSAL = hash({
  line_items: list(
    hash({
      ...AMOUNT,
      metadata: metadata(),
      original_line_item: required(string()),
      quantity: integer({ min: 0 }),
      reference: required(string({ max: 500 })),
    }),
  ),
  metadata: metadata(),
  mode: required(oneOf('full', 'partial')),
  original_transaction: required(string()),
  reference: required(string({ max: 500 })),
  shipping_cost: hash(AMOUNT),
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

type Given = ParamValue<typeof REVERSAL>
interface Reversed {
  readonly lines: readonly TaxedLine[]
  readonly shipping: TaxedShipping | null
}

const reversalsOf = (account: Account, { id }: TaxTransactionRow): TaxTransactionRow[] =>
  account.taxTransactions.all().filter(({ original }) => original === id)

/** @throws {StripeApiError} 400 for parts, and if something is already reversed. */
function reverseAll(account: Account, row: TaxTransactionRow, { line_items, shipping_cost }: Given): Reversed {
  const part = line_items ? 'line_items' : shipping_cost && 'shipping_cost'
  if (part) throw invalidRequest(`You can only pass \`${part}\` when \`mode=partial\`.`, { param: part })
  if (reversalsOf(account, row).length > 0)
    throw invalidRequest(`The tax transaction ${row.id} is already reversed, at least in part.`, {
      param: 'original_transaction',
    })
  const { lines, shipping } = row
  return {
    lines: lines.map((line) => ({ ...line, ...negative(line), id: newId('tax_li'), original: line.id })),
    shipping: shipping && { ...shipping, ...negative(shipping) },
  }
}

/** @throws {StripeApiError} 400 for more than what is left, and for nothing. */
function reversePart(account: Account, row: TaxTransactionRow, { line_items = [], shipping_cost }: Given): Reversed {
  if (line_items.length === 0 && !shipping_cost) throw missingParam('line_items')
  const earlier = reversalsOf(account, row)
  const lines: TaxedLine[] = []
  for (const [index, { original_line_item: original, quantity, ...given }] of line_items.entries()) {
    const param = `line_items[${index}]`
    const line = row.lines.find(({ id }) => id === original)
    if (!line) throw resourceMissing('tax transaction line item', original, { param: `${param}[original_line_item]` })
    const before = [...earlier.flatMap((reversal) => reversal.lines), ...lines].filter(
      (each) => each.original === original,
    )
    checkLeft(line, [...before, given], param)
    lines.push({
      ...line,
      ...given,
      id: newId('tax_li'),
      metadata: mergeMetadata({}, given.metadata),
      original,
      quantity: quantity ?? line.quantity,
      taxes: [],
    })
  }
  if (!shipping_cost) return { lines, shipping: null }
  if (!row.shipping)
    throw invalidRequest(`The tax transaction ${row.id} has no shipping cost.`, { param: 'shipping_cost' })
  checkLeft(row.shipping, [...earlier.flatMap(({ shipping }) => shipping ?? []), shipping_cost], 'shipping_cost')
  return { lines, shipping: { ...row.shipping, ...shipping_cost, taxes: [] } }
}

type Amounts = Pick<TaxedAmount, 'amount' | 'amount_tax'>

function checkLeft(whole: Amounts, reversed: readonly Amounts[], param: string): void {
  for (const field of ['amount', 'amount_tax'] as const)
    if (reversed.reduce((sum, each) => sum + each[field], whole[field]) < 0)
      throw invalidRequest(`The \`${field}\` is greater than what is left to reverse.`, { param: `${param}[${field}]` })
}

function negative({ amount, amount_tax, taxes }: TaxedAmount): Pick<TaxedAmount, 'amount' | 'amount_tax' | 'taxes'> {
  return {
    amount: -amount,
    amount_tax: -amount_tax,
    taxes: taxes.map((tax) => ({ ...tax, amount: -tax.amount, taxable_amount: -tax.taxable_amount })),
  }
}
