import { createCustomer, updateCustomer } from '../resources/customer.ts'
import { createTaxId } from '../resources/tax-id.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow, ShippingDetails } from '../state/rows/checkout.ts'
import type { Address } from '../state/rows/customer.ts'
import type { AutomaticTax } from '../state/rows/tax.ts'
import { taxesFor } from '../taxes/automatic-tax.ts'
import { locatedCustomer } from '../taxes/located-customer.ts'
import { verdictOn } from '../taxes/tax-ids.ts'

type Session = Pick<CheckoutSessionRow, 'customer' | 'customer_details' | 'shipping_details'>

/** The taxes of a session's customer, at the address on the page. */
export function sessionTaxes(
  account: Account,
  { customer, customer_details, shipping_details }: Session,
): AutomaticTax {
  const row = customer === null ? null : locatedCustomer(account, customer)
  const own = customer === null ? [] : account.taxIds.by('customer', customer)
  const entered = (customer_details?.tax_ids ?? []).map(({ type, value }) => {
    const status = verdictOn(type, value)
    return { type, verification: status && { status, verified_address: null, verified_name: null } }
  })
  return taxesFor(account, {
    ...row,
    address: customer_details?.address ?? row?.address ?? null,
    shipping: shipping_details?.address ?? row?.shipping ?? null,
    tax_ids: [...own, ...entered],
  })
}

/** Whether the page asks for an address: taxes depend on it, and the session's customer has none that is enough. */
export function asksForAddress({
  automatic_tax: tax,
  customer,
  customer_update,
  shipping_countries,
  started,
}: CheckoutSessionRow): boolean {
  if (started !== undefined) return false
  if (tax === null || tax === undefined || shipping_countries !== undefined) return false
  return customer === null || customer_update?.address === 'auto'
}

/** Keeps what was entered on the page, and computes the taxes again. */
export function locateSession(
  account: Account,
  session: CheckoutSessionRow,
  {
    shipping_details = session.shipping_details,
    shipping_rate = session.shipping_rate,
    ...entered
  }: {
    address?: Address
    tax_ids?: { type: string; value: string }[]
    shipping_details?: ShippingDetails | undefined
    shipping_rate?: string | undefined
  },
): CheckoutSessionRow {
  const customer_details = { email: session.customer_email, name: null, ...session.customer_details, ...entered }
  const shipped = { ...session, ...(shipping_details && { shipping_details }) }
  return account.checkoutSessions.patch(session.id, {
    customer_details,
    ...(shipping_details && { shipping_details }),
    ...(shipping_rate !== undefined && { shipping_rate }),
    ...(session.automatic_tax && { automatic_tax: sessionTaxes(account, { ...shipped, customer_details }) }),
  })
}

/** The customer who pays a session: their own, with what they entered on the page, or a new one. */
export function customerOf(
  account: Account,
  { customer, customer_details, customer_update }: CheckoutSessionRow,
  { email, name }: { email: string | null; name: string | null },
): string {
  const { address, phone = null, tax_ids = [] } = customer_details ?? {}
  const id = customer ?? createCustomer(account, { email, name, phone, ...(address && { address }) }).id
  if (customer !== null && address && customer_update?.address === 'auto') updateCustomer(account, id, { address })
  const known = account.taxIds.by('customer', id).map(({ type, value }) => `${type} ${value}`)
  for (const { type, value } of tax_ids)
    if (!known.includes(`${type} ${value}`)) createTaxId(account, { customer: id, type, value })
  return id
}
