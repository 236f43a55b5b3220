import { invalidRequest, missingParam, resourceMissing, type StripeApiError } from './errors.ts'

/** Stripe's answer to a value that this account can't have; null accepts the value. */
type Refusal = (value: unknown, path: string) => StripeApiError | null
type Refusals = Readonly<Record<string, Refusal>>

const ACTIVATION =
  'Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use.'

/** Refuses with these words, unless the value unsets the parameter or turns it off. */
const says =
  (message: string): Refusal =>
  (value, path) =>
    isUnset(value) ? null : invalidRequest(message, { param: path })

/** Refuses the id of an object that doesn't exist, as none of its kind does here. */
const noSuch =
  (noun: string): Refusal =>
  (value, path) =>
    isUnset(value) ? null : resourceMissing(noun, String(value), { param: path })

const fee = (name: string, place: string): Refusal =>
  says(
    `Can only apply an ${name} when the request is made on behalf of another account (using an OAuth key, the Stripe-Account header, or the ${place}).`,
  )

/** Money for a connected account, of which there are none. */
const transfer: Refusal = (value, path) => {
  if (!isHash(value)) return null
  const { destination } = value
  return typeof destination === 'string'
    ? resourceMissing('destination', destination, { param: `${path}[destination]` })
    : missingParam(`${path}[destination]`)
}

/** Another account than the own one as the issuer of invoices, or as the one who owes taxes. */
export const refuseOtherAccount: Refusal = (value, path) => {
  if (!isHash(value) || value['type'] !== 'account') return null
  const { account } = value
  return typeof account === 'string'
    ? resourceMissing('account', account, { param: `${path}[account]` })
    : missingParam(`${path}[account]`)
}

const ownedByOther: Refusal = (value, path) =>
  value === 'account' || value === 'application'
    ? invalidRequest(`You cannot use an owner of type ${value} without a connected account.`, { param: path })
    : null

const enabled =
  (message: string): Refusal =>
  (value, path) =>
    isHash(value) && value['enabled'] === true ? invalidRequest(message, { param: `${path}[enabled]` }) : null

const notActivated: Refusal = (value, path) =>
  invalidRequest(`The payment method type provided: ${String(value)} is invalid. ${ACTIVATION}`, { param: path })

/** The details of another type of payment method than the card. */
const otherType: Refusal = (_value, path) =>
  invalidRequest(`You cannot provide \`${path}\` for a PaymentMethod of type \`card\`.`, { param: path })

/** A trial offer for an item: there are none. */
const trialOffer: Refusal = (value, path) =>
  isHash(value) ? resourceMissing('trial offer', String(value['trial_offer']), { param: `${path}[trial_offer]` }) : null

/** Parameters that are refused wherever they are, by their own name. */
const ANYWHERE: Refusals = {
  application_fee: fee('application_fee', 'destination parameter'),
  application_fee_amount: says(
    'Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).',
  ),
  application_fee_percent: fee('application_fee_percent', '`transfer_data[destination]` parameter'),
  current_trial: trialOffer,
  customer_account: noSuch('customer_account'),
  default_source: noSuch('source'),
  issuer: refuseOtherAccount,
  managed_payments: enabled('Managed Payments is not enabled for your account.'),
  mandate: noSuch('mandate'),
  on_behalf_of: noSuch('on_behalf_of'),
  payment_record_refund: noSuch('refund'),
  source: noSuch('source'),
  transfer_data: transfer,
}

const PAYMENT_METHOD_TYPES =
  'acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie bizum blik boleto cashapp crypto custom customer_balance eps fpx giropay grabpay ideal interac_present kakao_pay klarna konbini kr_card link mb_way mobilepay multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix promptpay revolut_pay samsung_pay satispay scalapay sepa_debit sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip'

/** Words of Stripe's description that its documentation doesn't have. */
const onlyToRelease: Refusal = (value, path) =>
  value === 'none' || value === 'renew'
    ? invalidRequest(`Invalid ${path}: must be one of cancel, or release`, { param: path })
    : null

/** Payments outside of Stripe, of which there are none. */
const notRecorded: Refusal = (value, path) =>
  value === 'payment_record_refund'
    ? invalidRequest('You cannot link a refund of a payment record: your account has no payment records.', {
        param: path,
      })
    : null

/** The same for a payment method that a payment describes. */
const METHOD_DATA: Refusals = {
  'payment_method_data.type': notActivated,
  ...Object.fromEntries(PAYMENT_METHOD_TYPES.split(' ').map((type) => [`payment_method_data.${type}`, otherType])),
}

/** Parameters and words that are refused on the routes that begin like this, by their full name. */
const ON_ROUTES: Readonly<Record<string, Refusals>> = {
  'POST /v1/payment_methods': {
    type: notActivated,
    ...Object.fromEntries(PAYMENT_METHOD_TYPES.split(' ').map((type) => [type, otherType])),
    customer: says('You can only clone a PaymentMethod to a connected account, with the Stripe-Account header.'),
    payment_method: noSuch('PaymentMethod'),
  },
  'POST /v1/payment_intents': {
    ...METHOD_DATA,
    final_capture: (value, path) =>
      value === false
        ? invalidRequest('You cannot set `final_capture` to false: multicapture is not available for this payment.', {
            param: path,
          })
        : null,
  },
  'POST /v1/credit_notes': { 'refunds.type': notRecorded },
  'GET /v1/credit_notes': { 'refunds.type': notRecorded },
  'POST /v1/refunds': {
    currency: says('You can only pass `currency` when the `origin` is `customer_balance`.'),
    customer: says('You can only pass `customer` when the `origin` is `customer_balance`.'),
    origin: says("The customer's cash balance has insufficient funds for this refund."),
  },
  'POST /v1/setup_intents': {
    ...METHOD_DATA,
    single_use: says('You can only create a single-use mandate for payment methods that support it. `card` does not.'),
  },
  'POST /v1/subscription_schedules': { end_behavior: onlyToRelease },
  'POST /v1/test_helpers/confirmation_tokens': METHOD_DATA,
  'POST /v1/tokens': {
    account: says('Account tokens are for connected accounts, and this account has none.'),
    bank_account: says(`Bank accounts can't be used with this account. ${ACTIVATION}`),
    customer: says(
      'You can only create a token of a saved card for a connected account, with the Stripe-Account header.',
    ),
    cvc_update: says('CVC update tokens are not enabled for your account.'),
    person: says('Person tokens are for connected accounts, and this account has none.'),
    pii: says('Your account cannot create tokens of personal data.'),
  },
  'POST /v1/tax_ids': { 'owner.type': ownedByOther, 'owner.account': noSuch('account') },
  'GET /v1/tax_ids': { 'owner.type': ownedByOther, 'owner.account': noSuch('account') },
}

const refusalFor = (route: string, name: string): Refusal | undefined =>
  Object.entries(ON_ROUTES).find(
    ([beginning, names]) => route.startsWith(beginning) && Object.hasOwn(names, name),
  )?.[1][name] ?? own(ANYWHERE, name.slice(name.lastIndexOf('.') + 1))

const own = (names: Refusals, name: string): Refusal | undefined =>
  Object.hasOwn(names, name) ? names[name] : undefined

/** The names of the parameters that are refused wherever they are. */
export const REFUSED_ANYWHERE: readonly string[] = Object.keys(ANYWHERE)

/** Whether Stripe's answer to this parameter, such as `transfer_data`, is known for accounts like the sandbox's. */
export const isRefusable = (route: string, name: string): boolean => refusalFor(route, name) !== undefined

/** @throws {StripeApiError} 400 in Stripe's words for a parameter or word that this account can't use. */
export function refuseAsStripe(route: string, name: string, value: unknown, path: string): void {
  const error = refusalFor(route, name)?.(value, path)
  if (error) throw error
}

const isUnset = (value: unknown): boolean => value === null || value === undefined || value === '' || value === false

const isHash = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
