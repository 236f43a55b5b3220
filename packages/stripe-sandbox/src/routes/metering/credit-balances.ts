import type Stripe from 'stripe'
import { creditLeft } from '../../amounts/billing-credits.ts'
import { expireGrants, reservedCredits } from '../../billing/billing-credits.ts'
import { missingParam } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import { hash, oneOf, required, string, type ParamValue } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { monetary, serializeCreditTransaction } from '../../resources/credit-grant.ts'
import type { Account } from '../../state/account.ts'
import type { CreditGrantRow } from '../../state/rows/billing-credit.ts'
import type { Wire } from '../../wire.ts'
import { customerInParam, inParam, inPath } from '../lookup.ts'
import { CREDIT_SCOPE, readScope } from './credit-grants.ts'

const FILTER = hash({
  type: required(oneOf('applicability_scope', 'credit_grant')),
  applicability_scope: CREDIT_SCOPE,
  credit_grant: string(),
})

/** @see https://docs.stripe.com/api/billing/credit-balance-summary */
export const creditBalanceRoutes = [
  route(
    'GET',
    '/billing/credit_balance_summary',
    hash({ customer: string(), filter: required(FILTER) }),
    ({ account, params }) => {
      if (params.customer === undefined) throw missingParam('customer')
      const { id } = customerInParam(account, params.customer)
      expireGrants(account, id)
      const grants = account.creditGrants.by('customer', id)
      return summary(account, id, filtered(account, grants, params.filter))
    },
  ),
  route('GET', '/billing/credit_balance_transactions/:id', hash({}), ({ account, id }) =>
    serializeCreditTransaction(inPath(account.creditTransactions, id, 'credit balance transaction')),
  ),
  route(
    'GET',
    '/billing/credit_balance_transactions',
    hash({ ...PAGE, ...UNMATCHED, credit_grant: string(), customer: string() }),
    ({ account, params }) => {
      const { credit_grant, customer } = params
      if (customer !== undefined) expireGrants(account, customerInParam(account, customer).id)
      if (credit_grant !== undefined)
        expireGrants(account, inParam(account.creditGrants, credit_grant, 'credit grant', 'credit_grant').customer)
      const rows = account.creditTransactions
        .all()
        .filter(
          (row) =>
            (customer === undefined || row.customer === customer) &&
            (credit_grant === undefined || row.credit_grant === credit_grant),
        )
      return page('/v1/billing/credit_balance_transactions', rows, params, serializeCreditTransaction)
    },
  ),
]

/** The grants that a balance counts. */
function filtered(
  account: Account,
  grants: readonly CreditGrantRow[],
  { type, applicability_scope: scope, credit_grant }: ParamValue<typeof FILTER>,
): CreditGrantRow[] {
  if (type === 'credit_grant') {
    if (credit_grant === undefined) throw missingParam('filter[credit_grant]')
    inParam(account.creditGrants, credit_grant, 'credit grant', 'filter[credit_grant]')
    return grants.filter(({ id }) => id === credit_grant)
  }
  if (!scope) throw missingParam('filter[applicability_scope]')
  const wanted = readScope(account, scope, 'filter[applicability_scope]')
  return grants.filter(({ prices }) => prices === null || wanted?.every((price) => prices.includes(price)))
}

/** The balance in each currency. Credit that is not effective yet, or that drafts will use, is only in the ledger. */
function summary(
  account: Account,
  customer: string,
  grants: readonly CreditGrantRow[],
): Wire<Stripe.Billing.CreditBalanceSummary> {
  const now = account.nowOf(customer)
  const reserved = reservedCredits(account, customer)
  const currencies = [...new Set(grants.map(({ currency }) => currency))]
  const balances = currencies.map((currency) => {
    const own = grants.filter((grant) => grant.currency === currency)
    const sum = (some: readonly CreditGrantRow[], leftOf: (id: string) => number): number =>
      some.reduce((total, { id }) => total + leftOf(id), 0)
    const available = own.filter(({ effective_at }) => effective_at <= now)
    return {
      available_balance: monetary(
        sum(available, (id) => Math.max(0, creditLeft(account, id) - (reserved.get(id) ?? 0))),
        currency,
      ),
      ledger_balance: monetary(
        sum(own, (id) => creditLeft(account, id)),
        currency,
      ),
    }
  })
  return { object: 'billing.credit_balance_summary', balances, customer, customer_account: null, livemode: false }
}
