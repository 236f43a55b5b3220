import { invalidRequest, missingParam, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash, list, oneOf, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { createTaxId, deleteTaxId, serializeTaxId } from '../../resources/tax-id.ts'
import type { Account } from '../../state/account.ts'
import type { TaxIdRow } from '../../state/rows/tax.ts'
import { hasFormat } from '../../taxes/tax-ids.ts'
import { customerInParam, inPath } from '../lookup.ts'

const TAX_ID = { type: required(string()), value: required(string({ max: 100 })) }

/** The tax ids that a new customer, or the customer of a preview, gets. */
export const TAX_ID_DATA = list(hash(TAX_ID), { max: 5 })

const OWNER = hash({ customer: string(), type: required(oneOf('customer', 'self')) })

export const taxIdRoutes = [
  route('POST', '/customers/:id/tax_ids', hash(TAX_ID), ({ account, id, params }) => {
    const customer = theCustomer(account, id)
    checkTaxId(params)
    return serializeTaxId(createTaxId(account, { customer, ...params }))
  }),
  route('GET', '/customers/:id/tax_ids', hash(PAGE), ({ account, id, params }) =>
    page(
      `/v1/customers/${id}/tax_ids`,
      account.taxIds.by('customer', theCustomer(account, id)),
      params,
      serializeTaxId,
    ),
  ),
  route('GET', '/customers/:id/tax_ids/:taxId', hash({}), ({ account, id, path }) =>
    serializeTaxId(taxIdOf(account, id, path['taxId'] ?? '')),
  ),
  route('DELETE', '/customers/:id/tax_ids/:taxId', hash({}), ({ account, id, path }) =>
    deleteTaxId(account, taxIdOf(account, id, path['taxId'] ?? '')),
  ),
  route('POST', '/tax_ids', hash({ ...TAX_ID, owner: OWNER }), ({ account, params }) => {
    const { owner, ...given } = params
    if (owner?.type === 'customer' && owner.customer === undefined) throw missingParam('owner[customer]')
    const customer = owner?.customer === undefined ? null : customerInParam(account, owner.customer).id
    checkTaxId(given)
    return serializeTaxId(createTaxId(account, { customer, ...given }))
  }),
  route('GET', '/tax_ids', hash({ ...PAGE, owner: OWNER }), ({ account, params }) => {
    const rows =
      params.owner?.customer === undefined
        ? account.taxIds.all().filter(({ customer }) => customer === null)
        : account.taxIds.by('customer', params.owner.customer)
    return page('/v1/tax_ids', rows, params, serializeTaxId)
  }),
  route('GET', '/tax_ids/:id', hash({}), ({ account, id }) => serializeTaxId(inPath(account.taxIds, id, 'tax ID'))),
  route('DELETE', '/tax_ids/:id', hash({}), ({ account, id }) =>
    deleteTaxId(account, inPath(account.taxIds, id, 'tax ID')),
  ),
]

/** @throws {StripeApiError} 400 `tax_id_invalid` for a value that its type can't have. */
export function checkTaxId({ type, value }: { type: string; value: string }, param = 'value'): void {
  if (!/^[a-z]{2}_[a-z_]+$/.test(type))
    throw invalidRequest(`Invalid type: ${type} is not a type of tax ID.`, {
      param: param.replace(/value(?=\]?$)/, 'type'),
    })
  if (!hasFormat(type, value)) throw invalidRequest(`Invalid value for ${type}.`, { param, code: 'tax_id_invalid' })
}

function theCustomer(account: Account, id: string): string {
  if (inPath(account.customers, id, 'customer').deleted) throw resourceMissing('customer', id, { inPath: true })
  return id
}

function taxIdOf(account: Account, customer: string, id: string): TaxIdRow {
  const row = account.taxIds.find(id)
  if (row?.customer !== theCustomer(account, customer)) throw resourceMissing('tax_id', id, { inPath: true })
  return row
}
