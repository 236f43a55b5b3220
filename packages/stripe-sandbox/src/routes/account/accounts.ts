import { StripeApiError } from '../../http/errors.ts'
import { hash } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeAccount } from '../../resources/account.ts'

/** The key's own account. There is no Connect, so no other account is accessible. */
export const accountRoutes = [
  route('GET', '/account', hash({}), ({ account }) => serializeAccount(account)),
  route('GET', '/accounts/:id', hash({}), ({ account, id }) => {
    if (id === account.id) return serializeAccount(account)
    throw new StripeApiError(403, {
      type: 'invalid_request_error',
      code: 'account_invalid',
      message: `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`,
    })
  }),
]
