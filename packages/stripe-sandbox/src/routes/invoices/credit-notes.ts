import { amountLine, creditLine, creditShipping } from '../../credit-notes/credit-lines.ts'
import { issueCreditNote, voidCreditNote } from '../../credit-notes/issue-credit-note.ts'
import { emitUpdated } from '../../events/emit.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import { decimalAmount } from '../../http/more-params.ts'
import {
  clearable,
  hash,
  integer,
  isWithin,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { creditedAmounts, serializeCreditNote, serializeCreditNoteLine } from '../../resources/credit-note.ts'
import { serializeTax } from '../../resources/invoice.ts'
import type { Account } from '../../state/account.ts'
import type { CreditNoteLine, CreditNoteRow } from '../../state/rows/credit-note.ts'
import { inParam, inPath } from '../lookup.ts'
import { readTaxRates, TAX_RATES } from '../tax-params.ts'

const AMOUNT = integer({ min: 0 })
const FIELDS = {
  invoice: required(string()),
  amount: integer({ min: 1 }),
  credit_amount: AMOUNT,
  effective_at: timestamp(),
  email_type: oneOf('credit_note', 'none'),
  lines: list(
    hash({
      type: required(oneOf('custom_line_item', 'invoice_line_item')),
      amount: integer({ min: 1 }),
      description: string(),
      invoice_line_item: string(),
      metadata: metadata(),
      quantity: integer({ min: 1 }),
      tax_amounts: clearable(
        list(
          hash({
            amount: required(integer()),
            tax_rate: required(string()),
            taxable_amount: required(integer()),
          }),
          { max: 20 },
        ),
      ),
      tax_rates: TAX_RATES,
      unit_amount_decimal: decimalAmount({ max: 99_999_999 }),
      unit_amount: integer(),
    }),
  ),
  memo: string(),
  metadata: metadata(),
  out_of_band_amount: AMOUNT,
  reason: oneOf('duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory'),
  refund_amount: AMOUNT,
  shipping_cost: hash({ shipping_rate: string() }),
  refunds: list(hash({ type: oneOf('refund'), refund: required(string()), amount_refunded: integer({ min: 1 }) })),
}
const CREATE = hash(FIELDS)
const UPDATE = hash({ memo: string(), metadata: metadata() })
const LIST = hash({ ...PAGE, ...UNMATCHED, created: timeRange(), customer: string(), invoice: string() })

export const creditNoteRoutes = [
  route('POST', '/credit_notes', CREATE, ({ account, params }) =>
    serializeCreditNote(account, create(account, params)),
  ),
  // Must come before `/credit_notes/:id`, which would match `preview` as an id.
  route('GET', '/credit_notes/preview', CREATE, ({ account, params }) =>
    account.journal.rehearse(() => withShippingTaxes(account, create(account, params))),
  ),
  route('GET', '/credit_notes/preview/lines', hash({ ...PAGE, ...FIELDS }), ({ account, params }) => {
    const { limit, starting_after, ending_before, ...given } = params
    const { lines } = account.journal.rehearse(() => create(account, given))
    return linesPage(account, '/v1/credit_notes/preview/lines', lines, { limit, starting_after, ending_before })
  }),
  route('GET', '/credit_notes/:id', hash({}), ({ account, id }) =>
    serializeCreditNote(account, inPath(account.creditNotes, id, 'credit note')),
  ),
  route('POST', '/credit_notes/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.creditNotes, id, 'credit note')
    const row = account.creditNotes.patch(id, {
      ...(params.memo !== undefined && { memo: params.memo }),
      metadata: mergeMetadata(old.metadata, params.metadata),
    })
    emitUpdated(account, 'credit_note.updated', serializeCreditNote(account, old), serializeCreditNote(account, row))
    return serializeCreditNote(account, row)
  }),
  route('POST', '/credit_notes/:id/void', hash({}), ({ account, id }) =>
    serializeCreditNote(account, voidCreditNote(account, inPath(account.creditNotes, id, 'credit note'))),
  ),
  route('GET', '/credit_notes/:id/lines', hash(PAGE), ({ account, id, params }) => {
    const { lines } = inPath(account.creditNotes, id, 'credit note')
    return linesPage(account, `/v1/credit_notes/${id}/lines`, lines, params)
  }),
  route('GET', '/credit_notes', LIST, ({ account, params }) => {
    const { created, customer, invoice } = params
    const rows = (
      invoice === undefined ? account.creditNotes.all() : account.creditNotes.by('invoice', invoice)
    ).filter((row) => isWithin(row.created, created) && (customer === undefined || row.customer === customer))
    return page('/v1/credit_notes', rows, params, (row) => serializeCreditNote(account, row))
  }),
]

/** A previewed note. It shows the taxes of its shipping, because it is gone when they could be expanded. */
function withShippingTaxes(account: Account, row: CreditNoteRow): unknown {
  const shown = serializeCreditNote(account, row)
  if (!row.shipping || !shown.shipping_cost) return shown
  return { ...shown, shipping_cost: { ...shown.shipping_cost, taxes: row.shipping.taxes.map(serializeTax) } }
}

function create(account: Account, params: ParamValue<typeof CREATE>): CreditNoteRow {
  const invoice = inParam(account.invoices, params.invoice, 'invoice', 'invoice')
  const { amount, credit_amount = 0, out_of_band_amount = 0, refund_amount = 0 } = params
  const given = params.lines?.map(({ metadata: own, tax_amounts, tax_rates, ...line }, index) => {
    const param = `lines[${index}]`
    const rates = readTaxRates(account, tax_rates, `${param}[tax_rates]`)
    const taxed = { ...(tax_amounts && { tax_amounts }), tax_rates: rates }
    return creditLine(account, invoice, { ...line, metadata: mergeMetadata({}, own), ...taxed }, param)
  })
  const shipping = params.shipping_cost && creditShipping(account, invoice, params.shipping_cost.shipping_rate)
  if (given === undefined && amount === undefined && !shipping) throw missingParam('amount')
  const lines = given ?? (amount === undefined || shipping ? [] : [amountLine(amount)])
  if (amount !== undefined && creditedAmounts(lines, shipping).total !== amount)
    throw invalidRequest(
      `The \`amount\` must equal the total of the \`lines\`${shipping ? ' and the `shipping_cost`' : ''}.`,
      { param: 'amount' },
    )
  return issueCreditNote(account, invoice, {
    lines,
    ...(shipping && { shipping }),
    credit_amount,
    out_of_band_amount,
    refund_amount,
    effective_at: params.effective_at ?? null,
    memo: params.memo ?? null,
    metadata: mergeMetadata({}, params.metadata),
    reason: params.reason ?? null,
    refunds: (params.refunds ?? []).map(({ refund, amount_refunded }, index) => ({
      refund,
      amount_refunded:
        amount_refunded ?? inParam(account.refunds, refund, 'refund', `refunds[${index}][refund]`).amount,
    })),
  })
}

function linesPage(
  account: Account,
  url: string,
  lines: readonly CreditNoteLine[],
  params: ParamValue<ReturnType<typeof hash<typeof PAGE>>>,
): unknown {
  return page(url, lines.toReversed(), params, (line) => serializeCreditNoteLine(account, line))
}
