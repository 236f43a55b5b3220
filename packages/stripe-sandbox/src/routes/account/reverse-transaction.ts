import { allocate } from '../../amounts/discount-lines.ts'
import { exclusiveParams, invalidRequest, missingParam, resourceMissing } from '../../http/errors.ts'
import {
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  type ParamValue,
} from '../../http/params.ts'
import { newId } from '../../ids.ts'
import { formatMoney, prorate } from '../../money.ts'
import type { Account } from '../../state/account.ts'
import type { TaxedAmount, TaxedLine, TaxedShipping, TaxTransactionRow } from '../../state/rows/tax-calculation.ts'

const AMOUNT = { amount: required(integer({ max: 0 })), amount_tax: required(integer({ max: 0 })) }
/** The parameters of a reversal. */
export const REVERSAL = hash({
  flat_amount: integer({ max: -1 }),
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

type Given = ParamValue<typeof REVERSAL>
interface Reversed {
  readonly lines: readonly TaxedLine[]
  readonly shipping: TaxedShipping | null
}

const reversalsOf = (account: Account, { id }: TaxTransactionRow): TaxTransactionRow[] =>
  account.taxTransactions.all().filter(({ original }) => original === id)

/** @throws {StripeApiError} 400 for parts, and if something is already reversed. */
export function reverseAll(account: Account, row: TaxTransactionRow, given: Given): Reversed {
  const part = (['flat_amount', 'line_items', 'shipping_cost'] as const).find((name) => given[name] !== undefined)
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
export function reversePart(account: Account, row: TaxTransactionRow, given: Given): Reversed {
  const { flat_amount, line_items = [], shipping_cost } = given
  if (flat_amount !== undefined) return reverseFlat(account, row, { ...given, flat_amount })
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

/**
 * Reverses an amount that includes taxes. It is spread over the lines and shipping, in proportion to what is left of
 * each.
 *
 * @throws {StripeApiError} 400 for lines or shipping beside it, and for more than what is left.
 * @see node_modules/stripe/esm/resources/Tax/Transactions.d.ts, `TransactionCreateReversalParams.flat_amount`
 */
function reverseFlat(
  account: Account,
  row: TaxTransactionRow,
  { flat_amount, line_items, shipping_cost }: Given & { flat_amount: number },
): Reversed {
  const other = line_items ? 'line_items' : shipping_cost && 'shipping_cost'
  if (other) throw exclusiveParams('flat_amount', other, other)
  const earlier = reversalsOf(account, row)
  const left = [
    ...row.lines.map((line) =>
      leftOf(
        line,
        earlier.flatMap(({ lines }) => lines.filter(({ original }) => original === line.id)),
      ),
    ),
    ...(row.shipping
      ? [
          leftOf(
            row.shipping,
            earlier.flatMap(({ shipping }) => shipping ?? []),
          ),
        ]
      : []),
  ]
  const wholes = left.map(({ amount, exclusive }) => amount + exclusive)
  const whole = wholes.reduce((sum, each) => sum + each, 0)
  if (-flat_amount > whole)
    throw invalidRequest(
      `The \`flat_amount\` is greater than what is left to reverse (${formatMoney(whole, row.currency)}).`,
      { param: 'flat_amount' },
    )
  const parts = allocate(-flat_amount, wholes).map((part, index): Amounts => {
    const { amount_tax = 0, exclusive = 0 } = left[index] ?? {}
    const tax = prorate(amount_tax, part, wholes[index] ?? 0)
    return { amount: -(exclusive === 0 ? part : part - tax), amount_tax: -tax }
  })
  const shipping = row.shipping && { ...row.shipping, ...parts.at(-1), taxes: [] }
  const lines = row.lines.map((line, index) => ({
    ...{ ...line, ...parts[index], id: newId('tax_li'), original: line.id },
    ...{ metadata: {}, taxes: [] },
  }))
  return { lines, shipping }
}

/** What is left to reverse of a line or of shipping. `exclusive` is the tax that comes on top of its amount. */
function leftOf(
  whole: TaxedAmount,
  reversed: readonly Amounts[],
): { amount: number; amount_tax: number; exclusive: number } {
  const [amount, amount_tax] = (['amount', 'amount_tax'] as const).map((field) =>
    reversed.reduce((sum, each) => sum + each[field], whole[field]),
  ) as [number, number]
  return { amount, amount_tax, exclusive: whole.tax_behavior === 'exclusive' ? amount_tax : 0 }
}
