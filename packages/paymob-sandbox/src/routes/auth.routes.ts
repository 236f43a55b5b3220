import type { Paymob } from '../callbacks/paymob.ts'
import type { Route } from '../http/api.ts'
import { badCredentials } from '../http/errors.ts'
import type { Tokens } from '../http/tokens.ts'
import { MERCHANT } from '../state/account.ts'

export function authRoutes({ account }: Paymob, tokens: Tokens): Route[] {
  return [
    {
      method: 'post',
      path: '/api/auth/tokens',
      key: 'none',
      status: 201,
      handle: ({ fields }) => {
        if (fields.text('api_key') !== account.apiKey) throw badCredentials()
        return { profile: { id: MERCHANT, company_name: 'Paymob sandbox' }, token: tokens.create() }
      },
    },
  ]
}
