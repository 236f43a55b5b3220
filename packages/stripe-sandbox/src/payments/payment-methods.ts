import { emit } from '../events/emit.ts'
import { invalidRequest, resourceMissing, StripeApiError } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { serializePaymentMethod } from '../resources/payment-method.ts'
import type { Account } from '../state/account.ts'
import type { PaymentMethodRow } from '../state/rows/customer.ts'
import type { Decline } from '../state/rows/payment.ts'
import { cardByName, DECLINES, type TestCard } from './test-cards.ts'

interface CardDetails {
  readonly exp_month: number
  readonly exp_year: number
  readonly billing_details?: Partial<PaymentMethodRow['billing_details']>
  readonly metadata?: Record<string, string>
}

/** Creates a payment method for a card, not yet attached to a customer. */
export function createPaymentMethod(
  account: Account,
  card: TestCard,
  { exp_month, exp_year, billing_details, metadata }: CardDetails,
): PaymentMethodRow {
  return account.paymentMethods.insert({
    id: newId('pm'),
    created: account.now(),
    customer: null,
    metadata: metadata ?? {},
    billing_details: { email: null, name: null, postal_code: null, country: null, ...billing_details },
    card: { brand: card.brand, last4: card.last4, exp_month, exp_year, fingerprint: card.fingerprint },
    behaviour: card.behaviour,
    authenticated: false,
  })
}

/**
 * The payment method with an id. A test id such as `pm_card_visa` creates a new one each time.
 *
 * @throws {StripeApiError} 400 `resource_missing` for an unknown id.
 */
export function paymentMethodNamed(account: Account, id: string, param = 'payment_method'): PaymentMethodRow {
  const known = account.paymentMethods.find(id)
  if (known) return known
  const card = cardByName(id)
  if (!card) throw resourceMissing('PaymentMethod', id, { param })
  return createPaymentMethod(account, card, { exp_month: 12, exp_year: new Date().getUTCFullYear() + 2 })
}

/**
 * Attaches a payment method to a customer.
 *
 * @throws {StripeApiError} 402 if the card can't be saved.
 * @throws {StripeApiError} 400 if it is attached to another customer.
 * @throws {StripeApiError} 400 if it was detached from a customer.
 */
export function attachPaymentMethod(account: Account, id: string, customer: string): PaymentMethodRow {
  const method = paymentMethodNamed(account, id)
  if (method.behaviour.attach) throw cardError(DECLINES[method.behaviour.attach])
  if (method.customer === customer) return method
  if (method.detached)
    throw invalidRequest(
      'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.',
    )
  if (method.customer !== null) {
    throw new StripeApiError(400, {
      type: 'invalid_request_error',
      message: 'The payment method you provided has already been attached to a customer.',
      code: 'payment_method_already_attached',
    })
  }
  const row = account.paymentMethods.patch(method.id, { customer })
  emit(account, 'payment_method.attached', serializePaymentMethod(row))
  return row
}

/**
 * Detaches a payment method from its customer, who has no default any more if it was theirs. It can't be used again.
 *
 * @throws {StripeApiError} 400 if it is attached to no customer.
 * @see https://docs.stripe.com/api/payment_methods/detach
 */
export function detachPaymentMethod(account: Account, { customer: owner, id }: PaymentMethodRow): PaymentMethodRow {
  if (owner === null)
    throw invalidRequest('The payment method you provided is not attached to a customer so detachment is impossible.')
  const row = account.paymentMethods.patch(id, { customer: null, detached: true })
  emit(account, 'payment_method.detached', serializePaymentMethod(row), { customer: owner })
  const customer = account.customers.get(owner)
  if (customer.default_payment_method === id) account.customers.patch(customer.id, { default_payment_method: null })
  for (const subscription of account.subscriptions.by('customer', customer.id)) {
    if (subscription.default_payment_method === id)
      account.subscriptions.patch(subscription.id, { default_payment_method: null })
  }
  return row
}

/**
 * Checks that an intent of this customer, or of a guest, may use a payment method.
 *
 * @throws {StripeApiError} 400 if it is attached to another customer.
 * @throws {StripeApiError} 400 if it was detached from a customer.
 */
export function checkUsableBy(
  { customer: owner, detached, id }: PaymentMethodRow,
  customer: string | null,
  intent: 'PaymentIntent' | 'SetupIntent' = 'PaymentIntent',
): void {
  if (detached)
    throw invalidRequest(
      'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
      { param: 'payment_method' },
    )
  if (owner === null || owner === customer) return
  const supplied =
    intent === 'PaymentIntent' ? `\`payment_method\` parameter supplied ${id}` : `payment method supplied (${id})`
  throw invalidRequest(
    `The ${supplied} belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter on the ${intent}.`,
    { param: 'payment_method' },
  )
}

/** 402: a card was declined. */
export function cardError(
  { code, decline_code, message }: Decline,
  more: { payment_intent?: unknown; param?: string; keepsChanges?: boolean } = {},
): StripeApiError {
  const { keepsChanges = false, ...extra } = more
  return new StripeApiError(
    402,
    { type: 'card_error', code, ...(decline_code !== null && { decline_code }), message, ...extra },
    { keepsChanges },
  )
}
