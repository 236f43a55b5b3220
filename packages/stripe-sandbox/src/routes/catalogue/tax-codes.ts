import type Stripe from 'stripe'
import { resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash } from '../../http/params.ts'
import { route } from '../../http/route.ts'

/** A few of Stripe's tax codes: https://docs.stripe.com/tax/tax-codes. */
const CODES: readonly (readonly [id: string, name: string])[] = [
  ['txcd_00000000', 'Nontaxable'],
  ['txcd_10000000', 'General - Electronically Supplied Services'],
  ['txcd_10103000', 'Software as a service (SaaS) - personal use'],
  ['txcd_10103001', 'Software as a service (SaaS) - business use'],
  ['txcd_20030000', 'General - Services'],
  ['txcd_92010001', 'Shipping'],
  ['txcd_99999999', 'General - Tangible Goods'],
]

const TAX_CODES = CODES.map(([id, name]): Stripe.TaxCode => ({
  id,
  object: 'tax_code',
  description: name,
  name,
  requirements: null,
}))

export const taxCodeRoutes = [
  route('GET', '/tax_codes', hash(PAGE), ({ params }) =>
    page('/v1/tax_codes', TAX_CODES.toReversed(), params, (code) => code),
  ),
  route('GET', '/tax_codes/:id', hash({}), ({ id }) => {
    const code = TAX_CODES.find((each) => each.id === id)
    if (!code) throw resourceMissing('tax code', id, { inPath: true })
    return code
  }),
]
