import { PAGE, page } from '../../http/list.ts'
import { hash, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeEntitlement } from '../../resources/entitlements.ts'
import { customerInParam, inPath } from '../lookup.ts'

/** @see https://docs.stripe.com/api/entitlements/active-entitlement */
export const activeEntitlementRoutes = [
  route(
    'GET',
    '/entitlements/active_entitlements',
    hash({ ...PAGE, customer: required(string()) }),
    ({ account, params }) => {
      const rows = account.entitlements.by('customer', customerInParam(account, params.customer).id)
      return page('/v1/entitlements/active_entitlements', rows, params, (row) => serializeEntitlement(account, row))
    },
  ),
  route('GET', '/entitlements/active_entitlements/:id', hash({}), ({ account, id }) =>
    serializeEntitlement(account, inPath(account.entitlements, id, 'active entitlement')),
  ),
]
