import type Stripe from 'stripe'
import { PAGE, page } from '../../http/list.ts'
import { hash, oneOf, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import type { TaxLocationRow } from '../../state/rows/tax.ts'
import type { Wire } from '../../wire.ts'
import { inPath } from '../lookup.ts'
import { fullAddress, TAX_ADDRESS } from '../tax-params.ts'

const TYPE = required(oneOf('performance'))
const CREATE = hash({ address: required(TAX_ADDRESS), description: string(), type: TYPE })

/** @see https://docs.stripe.com/api/tax/location */
export const taxLocationRoutes = [
  route('POST', '/tax/locations', CREATE, ({ account, params: { address, description = null, type } }) =>
    serializeTaxLocation(
      account.taxLocations.insert({
        ...{ id: newId('taxloc'), created: account.now() },
        ...{ address: fullAddress(address), description, type },
      }),
    ),
  ),
  route('GET', '/tax/locations/:id', hash({}), ({ account, id }) =>
    serializeTaxLocation(inPath(account.taxLocations, id, 'tax location')),
  ),
  route('GET', '/tax/locations', hash({ ...PAGE, type: TYPE }), ({ account, params }) =>
    page('/v1/tax/locations', account.taxLocations.all(), params, serializeTaxLocation),
  ),
]

function serializeTaxLocation({ created: _created, ...shown }: TaxLocationRow): Wire<Stripe.Tax.Location> {
  return { ...shown, object: 'tax.location', livemode: false }
}
