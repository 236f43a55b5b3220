import type Stripe from 'stripe'
import { resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { hash } from '../../http/params.ts'
import { route } from '../../http/route.ts'

/** A few of Stripe's tax codes: https://docs.stripe.com/tax/tax-codes. */
const CODES: readonly (readonly [id: string, name: string, place?: 'optional' | 'required'])[] = [
  ['txcd_00000000', 'Nontaxable'],
  ['txcd_10000000', 'General - Electronically Supplied Services'],
  ['txcd_10103000', 'Software as a service (SaaS) - personal use'],
  ['txcd_10103001', 'Software as a service (SaaS) - business use'],
  ['txcd_20030000', 'General - Services', 'optional'],
  ['txcd_50010001', 'Admission to Amusement, Entertainment and Recreation Venues', 'required'],
  ['txcd_92010001', 'Shipping'],
  ['txcd_99999999', 'General - Tangible Goods', 'optional'],
]

/** Whether a tax code can't do without a tax location: https://docs.stripe.com/tax/location-sales. */
export const needsPlace = (code: string): boolean =>
  CODES.some(([id, _name, place]) => id === code && place === 'required')

const TAX_CODES = CODES.map(([id, name, place]): Stripe.TaxCode => ({
  id,
  object: 'tax_code',
  description: name,
  name,
  requirements: place ? { performance_location: place } : null,
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
