import { clearable, hash, string, type ParamValue } from '../../http/params.ts'
import { keepFields } from '../../resources/echoes.ts'
import type { Account } from '../../state/account.ts'
import { inParam } from '../lookup.ts'

/** What a product says about its taxes. */
export const PRODUCT_TAX = {
  tax_code: clearable(string()),
  tax_details: clearable(hash({ performance_location: string(), tax_code: clearable(string()) })),
}

interface ProductTax {
  tax_code?: string | null
  tax_details?: ParamValue<typeof PRODUCT_TAX.tax_details>
}

/**
 * Keeps what a request says about the taxes of a product, which shows it from now on.
 *
 * @param within the parameter that holds it, such as `product_data`; empty for the request itself.
 * @throws {StripeApiError} 400 for a tax location that doesn't exist.
 */
export function keepProductTax(
  account: Account,
  id: string,
  { tax_code, tax_details: details }: ProductTax,
  within = '',
): void {
  if (tax_code === undefined && details === undefined) return
  const param = within === '' ? 'tax_details' : `${within}[tax_details]`
  if (details?.performance_location !== undefined)
    inParam(account.taxLocations, details.performance_location, 'tax location', `${param}[performance_location]`)
  keepFields(account, id, {
    ...(tax_code !== undefined && { tax_code }),
    ...(details !== undefined && {
      tax_details: details && { performance_location: null, tax_code: null, ...details },
    }),
  })
}
