import { asksForCard } from '../../checkout/asks-for-card.ts'
import { lacksAmount } from '../../checkout/chosen-amounts.ts'
import { dueToday } from '../../checkout/due-today.ts'
import { asksForAddress, locateSession } from '../../checkout/session-taxes.ts'
import { submitCheckout } from '../../checkout/submit-checkout.ts'
import { invalidRequest, missingParam, StripeApiError } from '../../http/errors.ts'
import { anything, boolean, hash, integer, list, required, string, type ParamValue } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { cardError, paymentMethodNamed } from '../../payments/payment-methods.ts'
import { serializeCheckoutSession, serializeSessionLine } from '../../resources/checkout-session.ts'
import { sessionTotal } from '../../resources/session-amounts.ts'
import { serializeSubscription } from '../../resources/subscription.ts'
import type { Account } from '../../state/account.ts'
import type { CheckoutSessionRow } from '../../state/rows/checkout.ts'
import type { PaymentMethodRow } from '../../state/rows/customer.ts'
import { ADDRESS } from '../customers/customer-fields.ts'
import { inPath } from '../lookup.ts'

const CONFIRM = hash({
  payment_method: string(),
  expected_amount: integer({ min: 0 }),
  expected_payment_method_type: string(),
  return_url: string(),
  key: string(),
  eid: string(),
  payment_method_types: list(string()),
  shipping: hash({ name: required(string()), address: required(ADDRESS), phone: string() }),
  mandate_data: anything(),
  save_payment_method: boolean(),
})

/**
 * How the Stripe CLI completes a hosted page without a browser. Stripe doesn't document these calls; they are taken
 * from the CLI's fixtures (pkg/fixtures/triggers/checkout.session.completed.json of
 * https://github.com/stripe/stripe-cli).
 */
export const paymentPageRoutes = [
  route('GET', '/payment_pages/:id', hash({ key: string(), eid: string() }), ({ account, id }) =>
    shown(account, inPath(account.checkoutSessions, id, 'payment_page')),
  ),
  route('POST', '/payment_pages/:id/confirm', CONFIRM, ({ account, id, params }) => {
    const session = inPath(account.checkoutSessions, id, 'payment_page')
    if (session.status !== 'open')
      throw invalidRequest(`This Checkout Session is no longer open: its status is ${session.status}.`, {
        code: 'payment_intent_unexpected_state',
      })
    const method = params.payment_method === undefined ? null : paymentMethodNamed(account, params.payment_method)
    const due = dueToday(account, located(account, shippedTo(account, session, params.shipping), method))
    if (params.expected_amount !== undefined && params.expected_amount !== due) {
      throw invalidRequest(`The expected amount (${params.expected_amount}) does not match the amount due (${due}).`, {
        param: 'expected_amount',
        code: 'checkout_amount_mismatch',
      })
    }
    if (lacksAmount(account, session))
      throw invalidRequest('The customer has not chosen an amount yet. They can do so on the hosted page.')
    if (params.payment_method === undefined && asksForCard(account, session)) throw missingParam('payment_method')
    const { email = null, name = null } = method?.billing_details ?? {}
    const outcome = submitCheckout(account, id, {
      email: session.customer_email ?? email,
      name,
      paymentMethod: method?.id ?? null,
    })
    if (outcome.kind === 'declined') throw cardError(outcome.decline, { keepsChanges: true })
    if (outcome.kind === 'authenticate') {
      throw new StripeApiError(
        402,
        {
          type: 'card_error',
          code: 'authentication_required',
          message: 'This payment requires authentication. Complete it on the hosted page.',
        },
        { keepsChanges: true },
      )
    }
    return shown(account, outcome.session)
  }),
]

/** The session at the address of the card, if taxes depend on one and the page did not ask for it. */
function located(account: Account, session: CheckoutSessionRow, method: PaymentMethodRow | null): CheckoutSessionRow {
  if (session.automatic_tax?.status !== 'requires_location_inputs' || !asksForAddress(session)) return session
  const { country = null, postal_code = null } = method?.billing_details ?? {}
  const address = { city: null, country, line1: null, line2: null, postal_code, state: null }
  return locateSession(account, session, { address })
}

/**
 * The session with where it is sent.
 *
 * @throws {StripeApiError} 400 if it lacks an address, or is not sent there.
 */
function shippedTo(
  account: Account,
  session: CheckoutSessionRow,
  given: ParamValue<typeof CONFIRM>['shipping'],
): CheckoutSessionRow {
  const { shipping_countries: countries } = session
  if (!countries) return session
  if (!given && !session.shipping_details) throw missingParam('shipping')
  if (!given) return session
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = given.address
  if (country === null || !countries.includes(country))
    throw invalidRequest(`Invalid country: ${country}.`, { param: 'shipping[address][country]' })
  const address = { city, country, line1, line2, postal_code, state }
  return locateSession(account, session, { shipping_details: { name: given.name, address } })
}

function shown(account: Account, session: CheckoutSessionRow): unknown {
  const total = sessionTotal(account, session)
  return {
    ...serializeCheckoutSession(account, session),
    object: 'checkout.session',
    session_id: session.id,
    line_items: session.lines.map((line) => serializeSessionLine(account, line, session)),
    invoice_total: total,
    total_summary: { due: dueToday(account, session), subtotal: total, total },
    ...(session.subscription !== null && {
      subscription: serializeSubscription(account, account.subscriptions.get(session.subscription)),
    }),
  }
}
