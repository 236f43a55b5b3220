import { invalidRequest } from '../../http/errors.ts'
import { newId } from '../../ids.ts'
import type { Account } from '../../state/account.ts'
import type { InvoiceRow } from '../../state/rows/invoice.ts'
import { inParam } from '../lookup.ts'

/**
 * What a revision takes over from the invoice that it revises.
 *
 * @throws {StripeApiError} 400 for an invoice that can't be revised.
 * @see https://docs.stripe.com/invoicing/invoice-revisions
 */
export function revisionOf(account: Account, id: string): Partial<InvoiceRow> & Pick<InvoiceRow, 'lines'> {
  const original = inParam(account.invoices, id, 'invoice', 'from_invoice[invoice]')
  if (original.status !== 'open' && original.status !== 'uncollectible')
    throw invalidRequest(
      `You can only revise an invoice that is open or uncollectible. This invoice has the status ${original.status}.`,
      { param: 'from_invoice[invoice]' },
    )
  if (original.latest_revision !== undefined && account.invoices.get(original.latest_revision).status === 'draft')
    throw invalidRequest(`The invoice ${id} already has a draft revision: ${original.latest_revision}.`, {
      param: 'from_invoice[invoice]',
    })
  const { account_tax_ids, custom_fields, default_payment_method, default_tax_rates, description } = original
  const { collection_method, currency, days_until_due, footer, metadata } = original
  const { automatic_tax, discounts } = original
  return {
    ...(account_tax_ids && { account_tax_ids }),
    ...(custom_fields && { custom_fields }),
    ...(automatic_tax && { automatic_tax }),
    ...{ collection_method, currency, days_until_due, default_payment_method, default_tax_rates, description },
    ...{ discounts, footer, metadata },
    from_invoice: { action: 'revision', invoice: id },
    lines: original.lines.map((line) => ({ ...line, id: newId('il') })),
  }
}
