import { invalidRequest } from '../../http/errors.ts'
import { hash, integer, required, string } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeCharge } from '../../resources/charge.ts'
import { serializeCustomer } from '../../resources/customer.ts'
import { serializeInvoice } from '../../resources/invoice.ts'
import { serializePaymentIntent } from '../../resources/payment-intent.ts'
import { serializePrice } from '../../resources/price.ts'
import { serializeProduct } from '../../resources/product.ts'
import { serializeSubscription } from '../../resources/subscription.ts'
import type { Account } from '../../state/account.ts'
import { checkQuery, matches, type Searchable } from './match-query.ts'
import { parseQuery } from './parse-query.ts'

type Found = { readonly id: string } & Readonly<Record<string, unknown>>

interface Search extends Searchable {
  /** All objects of the kind, oldest first. */
  readonly all: (account: Account) => Found[]
}

const CARD = 'payment_method_details'

/** The kinds of object that can be searched, with the fields of https://docs.stripe.com/search#query-fields. */
const SEARCHES: readonly Search[] = [
  {
    resource: 'charges',
    fields: {
      amount: 'number',
      'billing_details.address.postal_code': 'token',
      created: 'number',
      currency: 'token',
      customer: 'token',
      disputed: 'token',
      metadata: 'map',
      [`${CARD}.card.brand`]: 'token',
      [`${CARD}.card.exp_month`]: 'token',
      [`${CARD}.card.exp_year`]: 'token',
      [`${CARD}.card.fingerprint`]: 'token',
      [`${CARD}.card.last4`]: 'token',
      refunded: 'token',
      status: 'token',
    },
    all: (account) => account.charges.all().map((row) => ({ ...serializeCharge(account, row) })),
  },
  {
    resource: 'customers',
    fields: { created: 'number', email: 'string', metadata: 'map', name: 'string', phone: 'string' },
    all: (account) =>
      account.customers
        .all()
        .filter((row) => !row.deleted)
        .map((row) => ({ ...serializeCustomer(account, row) })),
  },
  {
    resource: 'invoices',
    fields: {
      created: 'number',
      currency: 'token',
      customer: 'token',
      last_finalization_error_code: ['token', 'last_finalization_error.code'],
      last_finalization_error_type: ['token', 'last_finalization_error.type'],
      metadata: 'map',
      number: 'string',
      receipt_number: 'string',
      status: 'token',
      subscription: ['token', 'parent.subscription_details.subscription'],
      total: 'number',
    },
    all: (account) =>
      account.invoices
        .all()
        .filter((row) => !row.deleted)
        .map((row) => ({ ...serializeInvoice(account, row) })),
  },
  {
    resource: 'payment_intents',
    fields: {
      amount: 'number',
      created: 'number',
      currency: 'token',
      customer: 'token',
      metadata: 'map',
      status: 'token',
    },
    all: (account) => account.paymentIntents.all().map((row) => ({ ...serializePaymentIntent(account, row) })),
  },
  {
    resource: 'prices',
    fields: {
      active: 'token',
      currency: 'token',
      lookup_key: 'string',
      metadata: 'map',
      product: 'string',
      type: 'token',
    },
    all: ({ prices }) =>
      prices
        .all()
        .filter((row) => !row.deleted)
        .map((row) => ({ ...serializePrice(row) })),
  },
  {
    resource: 'products',
    fields: {
      active: 'token',
      description: 'string',
      metadata: 'map',
      name: 'string',
      shippable: 'token',
      url: 'string',
    },
    all: ({ products }) => products.all().map((row) => ({ ...serializeProduct(row) })),
  },
  {
    resource: 'subscriptions',
    fields: { canceled_at: 'number', created: 'number', metadata: 'map', status: 'token' },
    all: (account) => account.subscriptions.all().map((row) => ({ ...serializeSubscription(account, row) })),
  },
]

const PARAMS = hash({ query: required(string()), limit: integer({ min: 1, max: 100 }), page: string() })

/**
 * Searches by Stripe's query language. They must come before the routes that end in `/:id`. Unlike Stripe's, which need
 * up to a minute, they find every change at once.
 *
 * @see https://docs.stripe.com/search
 */
export const searchRoutes = SEARCHES.map((search) =>
  route('GET', `/${search.resource}/search`, PARAMS, ({ account, params }) => {
    const query = parseQuery(params.query)
    checkQuery(query, search)
    const found = search
      .all(account)
      .toReversed()
      .filter((object) => matches(object, query, search))
    const start = params.page === undefined ? 0 : afterPage(found, params.page)
    const data = found.slice(start, start + (params.limit ?? 10))
    const last = data.at(-1)
    const has_more = start + data.length < found.length
    return {
      object: 'search_result',
      data,
      has_more,
      next_page: has_more && last ? Buffer.from(last.id).toString('base64url') : null,
      total_count: found.length,
      url: `/v1/${search.resource}/search`,
    }
  }),
)

/** Where the next page begins. */
function afterPage(found: readonly Found[], page: string): number {
  const id = Buffer.from(page, 'base64url').toString()
  const index = found.findIndex((object) => object.id === id)
  if (index === -1)
    throw invalidRequest('Invalid page. Use the `next_page` of the search before it.', { param: 'page' })
  return index + 1
}
