import { creditLeft } from '../../amounts/billing-credits.ts'
import { endGrant, expireGrants, grantCredit, updateGrant } from '../../billing/billing-credits.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import {
  clearable,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeCreditGrant } from '../../resources/credit-grant.ts'
import type { Account } from '../../state/account.ts'
import type { CreditGrantRow } from '../../state/rows/billing-credit.ts'
import { checkAmount, customerInParam, inParam, inPath } from '../lookup.ts'

/** Maximum number of a customer's unused credit grants. */
const MAX_UNUSED = 100
/** Which metered prices a grant can be used for. */
export const CREDIT_SCOPE = hash({
  price_type: oneOf('metered'),
  prices: list(hash({ id: required(string()) }), { max: 20 }),
})
const CREATE = hash({
  amount: required(
    hash({
      type: required(oneOf('monetary')),
      monetary: hash({ currency: required(currencyCode()), value: required(integer({ min: 1 })) }),
    }),
  ),
  applicability_config: required(hash({ scope: required(CREDIT_SCOPE) })),
  category: oneOf('paid', 'promotional'),
  customer: string(),
  effective_at: timestamp(),
  expires_at: timestamp(),
  metadata: metadata(),
  name: string({ max: 100 }),
  priority: integer({ min: 0, max: 100 }),
})
const UPDATE = hash({ expires_at: clearable(timestamp()), metadata: metadata() })

/** @see https://docs.stripe.com/api/billing/credit-grant */
export const creditGrantRoutes = [
  route('POST', '/billing/credit_grants', CREATE, ({ account, params }) => {
    if (params.customer === undefined) throw missingParam('customer')
    const { id: customer } = customerInParam(account, params.customer)
    const { monetary } = params.amount
    if (!monetary) throw missingParam('amount[monetary]')
    const currency = monetary.currency
    checkAmount(monetary.value, currency, 'amount[monetary][value]')
    const now = account.nowOf(customer)
    const { effective_at = now, expires_at = null } = params
    if (expires_at !== null && expires_at <= Math.max(now, effective_at))
      throw invalidRequest('`expires_at` must be in the future, and after `effective_at`.', { param: 'expires_at' })
    checkUnused(account, customer)
    const row = grantCredit(account, {
      amount: monetary.value,
      currency,
      category: params.category ?? 'paid',
      customer,
      effective_at,
      expires_at,
      metadata: mergeMetadata({}, params.metadata),
      name: params.name ?? null,
      prices: readScope(account, params.applicability_config.scope, 'applicability_config[scope]'),
      priority: params.priority ?? 50,
    })
    return serializeCreditGrant(row)
  }),
  route('GET', '/billing/credit_grants/:id', hash({}), ({ account, id }) =>
    serializeCreditGrant(theGrant(account, id)),
  ),
  route('POST', '/billing/credit_grants/:id', UPDATE, ({ account, id, params }) => {
    const old = theGrant(account, id)
    const { expires_at } = params
    if (expires_at !== undefined) checkRunning(account, old, 'update')
    if (expires_at && expires_at <= account.nowOf(old.customer))
      throw invalidRequest('`expires_at` must be in the future.', { param: 'expires_at' })
    return serializeCreditGrant(
      updateGrant(account, old, {
        ...(expires_at !== undefined && { expires_at }),
        metadata: mergeMetadata(old.metadata, params.metadata),
      }),
    )
  }),
  route('POST', '/billing/credit_grants/:id/expire', hash({}), ({ account, id }) => {
    const old = theGrant(account, id)
    checkRunning(account, old, 'expire')
    return serializeCreditGrant(endGrant(account, old, 'expired'))
  }),
  route('POST', '/billing/credit_grants/:id/void', hash({}), ({ account, id }) => {
    const old = theGrant(account, id)
    checkRunning(account, old, 'void')
    if (account.creditTransactions.by('credit_grant', id).some(({ reason }) => reason === 'credits_applied'))
      throw invalidRequest('You cannot void a credit grant that has been used. You can expire it instead.')
    return serializeCreditGrant(endGrant(account, old, 'voided'))
  }),
  route('GET', '/billing/credit_grants', hash({ ...PAGE, ...UNMATCHED, customer: string() }), ({ account, params }) => {
    const { customer } = params
    const rows = customer === undefined ? account.creditGrants.all() : account.creditGrants.by('customer', customer)
    return page('/v1/billing/credit_grants', rows, params, serializeCreditGrant)
  }),
]

/**
 * @throws {StripeApiError} 400 for a customer who has 100 grants that are not used up, expired or voided.
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits#unused-credit-grants-limit
 */
function checkUnused(account: Account, customer: string): void {
  expireGrants(account, customer)
  const now = account.nowOf(customer)
  const unused = account.creditGrants.by('customer', customer).filter(({ effective_at, id, voided_at }) => {
    return voided_at === null && (effective_at > now || creditLeft(account, id) > 0)
  })
  if (unused.length >= MAX_UNUSED)
    throw invalidRequest(`A customer can have at most ${MAX_UNUSED} unused credit grants.`, { param: 'customer' })
}

/**
 * The metered prices of a scope; null for all.
 *
 * @throws {StripeApiError} 400 without a scope, for two of them, and for a price that is not metered.
 */
export function readScope(
  account: Account,
  { price_type, prices }: ParamValue<typeof CREDIT_SCOPE>,
  param: string,
): string[] | null {
  if (price_type !== undefined && prices !== undefined)
    throw exclusiveParams('price_type', 'prices', `${param}[prices]`)
  if (prices === undefined) {
    if (price_type === undefined) throw missingParam(`${param}[price_type]`)
    return null
  }
  return prices.map(({ id }, index) => {
    const { meter } = inParam(account.prices, id, 'price', `${param}[prices][${index}][id]`)
    if (meter === null)
      throw invalidRequest('Credit grants can only apply to metered prices.', {
        param: `${param}[prices][${index}][id]`,
      })
    return id
  })
}

function theGrant(account: Account, id: string): CreditGrantRow {
  const row = inPath(account.creditGrants, id, 'credit grant')
  expireGrants(account, row.customer)
  return row
}

/** @throws {StripeApiError} 400 for a grant that has ended. */
function checkRunning(account: Account, { customer, expires_at, voided_at }: CreditGrantRow, verb: string): void {
  if (voided_at !== null) throw invalidRequest(`You cannot ${verb} a credit grant that has been voided.`)
  if (expires_at !== null && expires_at <= account.nowOf(customer))
    throw invalidRequest(`You cannot ${verb} a credit grant that has expired.`)
}
