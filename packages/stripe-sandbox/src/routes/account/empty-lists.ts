import { describedParams } from '../../http/described-params.ts'
import { resourceMissing } from '../../http/errors.ts'
import { page } from '../../http/list.ts'
import { hash } from '../../http/params.ts'
import { route, type Route } from '../../http/route.ts'
import { serializeCashBalance } from '../../resources/customer.ts'
import { inPath } from '../lookup.ts'

/**
 * The lists that are empty in an account that doesn't use these products of Stripe, with the noun that Stripe's errors
 * have for an entry. Null stands for entries that can't be retrieved on their own.
 */
const EMPTY: Readonly<Record<string, string | null>> = {
  '/apple_pay/domains': 'apple pay domain',
  '/application_fees': 'application fee',
  '/billing/alerts': 'alert',
  '/file_links': 'file_link',
  '/files': 'file upload',
  '/identity/verification_sessions': 'verification session',
  '/invoice_rendering_templates': 'invoice rendering template',
  '/payment_method_configurations': 'payment method configuration',
  '/payment_method_domains': 'payment method domain',
  '/payouts': 'payout',
  '/quotes': 'quote',
  '/radar/early_fraud_warnings': 'issuer fraud record',
  '/radar/value_lists': 'list',
  '/reviews': 'review',
  '/setup_attempts': null,
  '/topups': 'topup',
  '/transfers': 'transfer',
}

/** The same below a customer. */
const EMPTY_OF_CUSTOMERS: Readonly<Record<string, string>> = {
  cash_balance_transactions: 'customer_cash_balance_transaction',
  sources: 'source',
}

/** The lists of what the sandbox doesn't have. They are empty, as in a new account, and their filters are checked. */
export const emptyListRoutes: Route[] = [
  route('GET', '/accounts', describedParams('GET /v1/accounts'), () => page('/v1/accounts', [], {}, () => null)),
  ...Object.entries(EMPTY).flatMap(([path, noun]) => [
    route('GET', path, describedParams(`GET /v1${path}`), () => page(`/v1${path}`, [], {}, () => null)),
    ...(noun === null
      ? []
      : [
          route('GET', `${path}/:id`, describedParams(`GET /v1${path}/{}`), ({ id }) => {
            throw resourceMissing(noun, id, { inPath: true })
          }),
        ]),
  ]),
  ...Object.entries(EMPTY_OF_CUSTOMERS).flatMap(([name, noun]) => [
    route('GET', `/customers/:id/${name}`, describedParams(`GET /v1/customers/{}/${name}`), ({ account, id }) => {
      inPath(account.customers, id, 'customer')
      return page(`/v1/customers/${id}/${name}`, [], {}, () => null)
    }),
    route('GET', `/customers/:id/${name}/:entry`, hash({}), ({ path }) => {
      throw resourceMissing(noun, path['entry'] ?? '', { inPath: true })
    }),
  ]),
  route('GET', '/customers/:id/cash_balance', hash({}), ({ account, id }) =>
    serializeCashBalance(account, inPath(account.customers, id, 'customer').id),
  ),
]
