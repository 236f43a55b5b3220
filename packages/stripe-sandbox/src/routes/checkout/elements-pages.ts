import { changeOrder } from '../../checkout/change-order.ts'
import type { CheckoutOutcome } from '../../checkout/complete-session.ts'
import { applyPromotionCode } from '../../checkout/session-discounts.ts'
import { locateSession } from '../../checkout/session-taxes.ts'
import { submitCheckout } from '../../checkout/submit-checkout.ts'
import { asOffered } from '../../checkout/subscribe-first.ts'
import { clearable, hash, integer, required, string, type ParamValue } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { paymentMethodNamed } from '../../payments/payment-methods.ts'
import type { Account } from '../../state/account.ts'
import type { CheckoutSessionRow } from '../../state/rows/checkout.ts'
import type { Address } from '../../state/rows/customer.ts'
import { hasFormat } from '../../taxes/tax-ids.ts'
import { wallNow } from '../../time.ts'
import { ADDRESS } from '../customers/customer-fields.ts'
import { inPath } from '../lookup.ts'
import { elementsSession, emailOf, payingTerms } from './elements-session.ts'

const CONTACT = hash({ name: string(), address: required(ADDRESS) })
const CHANGES = hash({
  client_secret: string(),
  email: string(),
  billing_address: CONTACT,
  line_item: hash({ id: required(string()), quantity: required(integer({ min: 0 })) }),
  phone: clearable(string({ max: 20 })),
  tax_id: clearable(hash({ type: required(string()), value: required(string()), business_name: string() })),
  optional_item: hash({ price: required(string()), quantity: required(integer({ min: 0 })) }),
  promotion_code: string(),
  shipping_address: CONTACT,
  shipping_option: string(),
})
const CONFIRM = hash({
  client_secret: string(),
  billing_address: CONTACT,
  email: string(),
  payment_method: string(),
  phone: string({ max: 20 }),
  shipping_address: CONTACT,
})

/** What a buyer did wrong: no failure of the call, but a result that the app's page shows. */
interface BuyerError {
  readonly message: string
  readonly code: string | null
  readonly paymentFailed?: { readonly declineCode: string | null }
}

/**
 * What the stand-in for Stripe.js calls for a session that the app's own page shows. Stripe doesn't document its own
 * calls for this.
 */
export const elementsPageRoutes = [
  route('GET', '/payment_pages/:id/elements', hash({ client_secret: string() }), ({ account, id }) =>
    shown(account, theSession(account, id)),
  ),
  route('POST', '/payment_pages/:id/elements', CHANGES, ({ account, id, params }) => {
    const session = theSession(account, id)
    const error = closed(session) ?? change(account, session, params)
    return error ? { error } : shown(account, theSession(account, id))
  }),
  route('POST', '/payment_pages/:id/elements/confirm', CONFIRM, ({ account, id, params }) => {
    const { email: given, payment_method, ...located } = params
    const session = theSession(account, id)
    const error =
      closed(session) ?? change(account, session, { ...located, ...(given !== undefined && { email: given }) })
    if (error) return { error }
    const ready = theSession(account, id)
    const email = emailOf(account, ready)
    if (email === null) return { error: { message: 'Your email is missing.', code: null } }
    if (!elementsSession(account, ready).canConfirm)
      return { error: { message: 'An address or an amount is missing.', code: null } }
    if (payingTerms(account, ready).needsCard && payment_method === undefined)
      return { error: { message: 'A payment method is missing.', code: null } }
    const method = payment_method === undefined ? null : paymentMethodNamed(account, payment_method)
    const name = method?.billing_details.name ?? ready.customer_details?.name ?? null
    const outcome = submitCheckout(account, id, { email, name, paymentMethod: method?.id ?? null })
    return { ...shown(account, theSession(account, id)), ...resultOf(account, outcome) }
  }),
]

const theSession = (account: Account, id: string): CheckoutSessionRow =>
  asOffered(inPath(account.checkoutSessions, id, 'payment_page'))

const shown = (account: Account, row: CheckoutSessionRow) => ({
  session: elementsSession(account, row),
  ...payingTerms(account, row),
})

const closed = ({ expires_at, status }: CheckoutSessionRow): BuyerError | null =>
  status === 'open' && expires_at > wallNow()
    ? null
    : {
        message: `This Checkout Session is no longer open: it is ${status === 'complete' ? status : 'expired'}.`,
        code: null,
      }

function resultOf(account: Account, outcome: CheckoutOutcome) {
  if (outcome.kind === 'complete') return {}
  if (outcome.kind === 'declined')
    return {
      error: {
        message: outcome.decline.message,
        code: 'paymentFailed',
        paymentFailed: { declineCode: outcome.decline.decline_code },
      } satisfies BuyerError,
    }
  const { client_secret = '' } =
    account.paymentIntents.find(outcome.intent) ?? account.setupIntents.find(outcome.intent) ?? {}
  return { authenticate: { id: outcome.intent, secret: client_secret } }
}

/** Changes what the customer has entered or chosen. An error changes nothing. */
function change(
  account: Account,
  session: CheckoutSessionRow,
  {
    billing_address,
    email,
    line_item,
    optional_item,
    phone,
    promotion_code,
    shipping_address,
    shipping_option,
    tax_id,
  }: ParamValue<typeof CHANGES>,
): BuyerError | null {
  if (email !== undefined && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    return { message: 'Your email is invalid.', code: email.includes('@') ? 'invalidEmail' : 'incompleteEmail' }
  const country = shipping_address?.address.country
  if (country && session.shipping_countries && !session.shipping_countries.includes(country))
    return { message: `This Checkout Session doesn't ship to ${country}.`, code: null }
  if (shipping_option !== undefined && !session.shipping_rates?.includes(shipping_option))
    return { message: `This Checkout Session has no shipping option ${shipping_option}.`, code: null }
  if (tax_id !== undefined && !session.tax_id_collection?.enabled)
    return { message: 'This Checkout Session does not collect tax IDs.', code: null }
  if (tax_id && !hasFormat(tax_id.type, tax_id.value))
    return { message: 'Your tax ID is invalid.', code: 'invalidTaxId' }
  if (line_item || optional_item) {
    const index = (session.optional_items ?? []).findIndex(({ price }) => price === optional_item?.price)
    const changed = changeOrder(account, session, {
      amounts: new Map(),
      quantities: new Map(line_item ? [[line_item.id, line_item.quantity]] : []),
      optional: new Map(optional_item && index >= 0 ? [[index, optional_item.quantity || 0]] : []),
    })
    if (!changed || (optional_item && index < 0)) return { message: 'This quantity is not available.', code: null }
  }
  if (promotion_code !== undefined) {
    const now = theSession(account, session.id)
    if (!session.allow_promotion_codes || !applyPromotionCode(account, now, promotion_code))
      return { message: 'This promotion code is invalid.', code: 'invalidCode' }
  }
  const { customer_details: known } = theSession(account, session.id)
  const { name = known?.name ?? null } = billing_address ?? {}
  account.checkoutSessions.patch(session.id, {
    customer_details: {
      ...known,
      email: email ?? known?.email ?? session.customer_email,
      name,
      ...(phone !== undefined && { phone }),
      ...(tax_id !== undefined && { business_name: tax_id?.business_name ?? null }),
    },
  })
  // After a first attempt, the order's taxes and shipping are settled.
  const isLocated = [billing_address, shipping_address, shipping_option, tax_id].some((given) => given !== undefined)
  if (session.started === undefined && isLocated)
    locateSession(account, theSession(account, session.id), {
      ...(billing_address && { address: whole(billing_address.address) }),
      ...(shipping_address && {
        shipping_details: { name: shipping_address.name ?? '', address: whole(shipping_address.address) },
      }),
      ...(shipping_option !== undefined && { shipping_rate: shipping_option }),
      ...(tax_id !== undefined && { tax_ids: tax_id ? [{ type: tax_id.type, value: tax_id.value }] : [] }),
    })
  return null
}

function whole({ city, country, line1, line2, postal_code, state }: ParamValue<typeof ADDRESS>): Address {
  const text = (value: string | null | undefined): string | null => value || null
  return {
    city: text(city),
    country: text(country),
    line1: text(line1),
    line2: text(line2),
    postal_code: text(postal_code),
    state: text(state),
  }
}
