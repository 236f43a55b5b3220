import { clearable, hash, required, string, type ParamValue } from '../../http/params.ts'
import { keepFields } from '../../resources/echoes.ts'
import type { Account } from '../../state/account.ts'
import type { Address, CustomerRow } from '../../state/rows/customer.ts'

/** A postal address, as customers and payment methods have it. */
export const ADDRESS = hash({
  city: clearable(string()),
  country: clearable(string()),
  line1: clearable(string()),
  line2: clearable(string()),
  postal_code: clearable(string()),
  state: clearable(string()),
})
/** Where a customer gets what they buy. */
export const SHIPPING = hash({ address: required(ADDRESS), name: required(string()), phone: string() })

/** Keeps where a customer gets what they buy, which decides about their taxes. An empty value removes it. */
export function keepShipping(
  account: Account,
  customer: string,
  shipping: ParamValue<typeof SHIPPING> | null | undefined,
): void {
  if (shipping === undefined) return
  keepFields(account, customer, {
    shipping: shipping && {
      ...shipping,
      address: { ...NO_ADDRESS, ...shipping.address },
      phone: shipping.phone ?? null,
    },
  })
}

/** An address that says nothing. */
export const NO_ADDRESS: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
}

type Fields = Omit<Partial<CustomerRow>, 'address' | 'metadata' | 'tax_exempt'> & {
  address?: Partial<Address> | null
  cash_balance?: { settings?: { reconciliation_mode?: 'automatic' | 'manual' | 'merchant_default' } }
  metadata?: unknown
  tax?: { ip_address?: string | null }
  tax_exempt?: 'exempt' | 'none' | 'reverse' | null
}

/** The fields of a customer's row that parameters set. */
export function toCustomerFields({
  address,
  cash_balance,
  metadata: _metadata,
  tax,
  tax_exempt,
  ...others
}: Fields): Partial<CustomerRow> {
  const mode = cash_balance?.settings?.reconciliation_mode
  const fields: Partial<CustomerRow> = {
    ...others,
    ...(mode && { reconciliation_mode: mode === 'merchant_default' ? undefined : mode }),
    ...(tax?.ip_address !== undefined && { tax_ip_address: tax.ip_address }),
    ...(tax_exempt !== undefined && { tax_exempt: tax_exempt ?? 'none' }),
  }
  if (address === undefined) return fields
  return { ...fields, address: address === null ? null : { ...NO_ADDRESS, ...address } }
}
