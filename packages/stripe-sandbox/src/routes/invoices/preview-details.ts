import { clearable, hash, oneOf, string, type ParamValue } from '../../http/params.ts'
import { createTaxId } from '../../resources/tax-id.ts'
import type { Account } from '../../state/account.ts'
import { ADDRESS, keepShipping, SHIPPING, toCustomerFields } from '../customers/customer-fields.ts'
import { checkTaxId, TAX_ID_DATA } from '../customers/tax-ids.ts'

/** What a preview says of the customer. */
export const CUSTOMER_DETAILS = hash({
  address: clearable(ADDRESS),
  shipping: clearable(SHIPPING),
  tax: hash({ ip_address: clearable(string()) }),
  tax_exempt: clearable(oneOf('exempt', 'none', 'reverse')),
  tax_ids: TAX_ID_DATA,
})

/** Gives the customer what a preview says of them. It is undone with the preview. */
export function asDetailed(
  account: Account,
  customer: string,
  details: ParamValue<typeof CUSTOMER_DETAILS> | undefined,
): void {
  if (details === undefined) return
  const { shipping, tax_ids, ...fields } = details
  keepShipping(account, customer, shipping)
  account.customers.patch(customer, toCustomerFields(fields))
  if (tax_ids === undefined) return
  for (const { id } of account.taxIds.by('customer', customer)) account.taxIds.remove(id)
  for (const [index, each] of tax_ids.entries()) {
    checkTaxId(each, `customer_details[tax_ids][${index}][value]`)
    createTaxId(account, { customer, ...each })
  }
}
