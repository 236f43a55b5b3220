import type Stripe from 'stripe'
import { emit, emitUpdated } from '../events/emit.ts'
import { newId } from '../ids.ts'
import type { Account } from '../state/account.ts'
import type { TaxIdRow } from '../state/rows/tax.ts'
import { countryOf, verdictOn } from '../taxes/tax-ids.ts'
import type { Wire } from '../wire.ts'

type TaxIdType = Stripe.TaxId['type']

export function serializeTaxId(row: TaxIdRow): Wire<Stripe.TaxId> {
  const { customer, type, ...shown } = row
  return {
    ...shown,
    object: 'tax_id',
    customer,
    customer_account: null,
    livemode: false,
    owner: {
      ...(customer !== null && { customer }),
      customer_account: null,
      type: customer === null ? 'self' : 'customer',
    },
    type,
  }
}

/** A customer's tax ids, as invoices and sessions show them. */
export function taxIdsOf(account: Account, customer: string): { type: TaxIdType; value: string }[] {
  return account.taxIds.by('customer', customer).map(({ type, value }) => ({ type, value }))
}

/** Creates a tax id. The registry answers at once, but after `customer.tax_id.created`. */
export function createTaxId(
  account: Account,
  { customer, type, value }: { customer: string | null; type: string; value: string },
): TaxIdRow {
  const status = customer === null ? null : verdictOn(type, value)
  const row = account.taxIds.insert({
    id: newId('txi'),
    created: account.nowOf(customer),
    customer,
    country: countryOf(type, value),
    type,
    value,
    verification: status && { status: 'pending', verified_address: null, verified_name: null },
  })
  if (customer === null) return row
  emit(account, 'customer.tax_id.created', serializeTaxId(row))
  if (status === null || status === 'pending') return row
  const found = status === 'verified'
  const after = account.taxIds.patch(row.id, {
    verification: {
      status,
      verified_address: found ? '123 TEST STREET' : null,
      verified_name: found ? 'TEST COMPANY' : null,
    },
  })
  emitUpdated(account, 'customer.tax_id.updated', serializeTaxId(row), serializeTaxId(after))
  return row
}

/** Deletes a tax id. */
export function deleteTaxId(account: Account, row: TaxIdRow): { id: string; object: 'tax_id'; deleted: true } {
  account.taxIds.remove(row.id)
  if (row.customer !== null) emit(account, 'customer.tax_id.deleted', serializeTaxId(row))
  return { id: row.id, object: 'tax_id', deleted: true }
}
