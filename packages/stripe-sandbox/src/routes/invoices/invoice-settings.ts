import { resourceMissing } from '../../http/errors.ts'
import { clearable, hash, list, required, string, type ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import type { InvoiceSettings } from '../../state/rows/invoice.ts'
import { inParam } from '../lookup.ts'

/** The account's own tax ids, which its invoices show. */
export const ACCOUNT_TAX_IDS = clearable(list(string(), { max: 25 }))

/** What the business adds to its invoices. */
export const CUSTOM_FIELDS = clearable(
  list(hash({ name: required(string({ max: 40 })), value: required(string({ max: 140 })) }), { max: 4 }),
)

/** How the invoices of a subscription or a phase look. */
export const INVOICE_SETTINGS = {
  account_tax_ids: ACCOUNT_TAX_IDS,
  custom_fields: CUSTOM_FIELDS,
  description: clearable(string({ max: 1500 })),
  footer: clearable(string()),
}
const SETTINGS = hash(INVOICE_SETTINGS)

/** @throws {StripeApiError} 400 for a tax id that is not the account's own. */
export function readAccountTaxIds(account: Account, given: readonly string[], param: string): string[] {
  return given.map((id, index) => {
    const { customer } = inParam(account.taxIds, id, 'tax ID', `${param}[${index}]`)
    if (customer !== null) throw resourceMissing('tax ID', id, { param: `${param}[${index}]` })
    return id
  })
}

/**
 * Reads the invoice settings of a request.
 *
 * @param present the settings that the object has now, for what the request doesn't name.
 * @throws {StripeApiError} 400 for a tax id that is not the account's own.
 */
export function readInvoiceSettings(
  account: Account,
  given: ParamValue<typeof SETTINGS> = {},
  param = 'invoice_settings',
  present: InvoiceSettings = {},
): InvoiceSettings {
  const { account_tax_ids, custom_fields, description, footer } = given
  return {
    ...present,
    ...(account_tax_ids !== undefined && {
      account_tax_ids: account_tax_ids && readAccountTaxIds(account, account_tax_ids, `${param}[account_tax_ids]`),
    }),
    ...(custom_fields !== undefined && { custom_fields }),
    ...(description !== undefined && { description }),
    ...(footer !== undefined && { footer }),
  }
}
