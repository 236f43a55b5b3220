import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { mergeMetadata, type ParamValue } from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import type { CheckoutSessionRow } from '../../state/rows/checkout.ts'
import { NO_ADDRESS } from '../customers/customer-fields.ts'
import { readInvoiceSettings } from '../invoices/invoice-settings.ts'
import type { CREATE } from './checkout-params.ts'

/**
 * Checks that the parameters fit the mode of the session.
 *
 * @throws {StripeApiError} 400 if they don't.
 */
export function checkMode({
  customer,
  customer_creation,
  line_items,
  mode,
  ...params
}: ParamValue<typeof CREATE>): void {
  if (mode !== 'setup' && (!line_items || line_items.length === 0)) throw missingParam('line_items')
  if (mode === 'setup' && line_items && line_items.length > 0)
    throw invalidRequest('You can not pass `line_items` in `setup` mode.', { param: 'line_items' })
  refuseOtherModes(params, mode)
  if (customer_creation !== undefined && mode === 'subscription')
    throw invalidRequest('`customer_creation` can only be used in `payment` and `setup` mode.', {
      param: 'customer_creation',
    })
  if (customer_creation !== undefined && customer !== undefined)
    throw exclusiveParams('customer', 'customer_creation', 'customer_creation')
}

/** The parameters that only one mode has. */
const OWN_PARAMS = {
  invoice_creation: 'payment',
  payment_intent_data: 'payment',
  setup_intent_data: 'setup',
  subscription_data: 'subscription',
}

/** @throws {StripeApiError} 400 for a parameter that only another mode has. */
export function refuseOtherModes(params: object, mode: CheckoutSessionRow['mode']): void {
  for (const [param, own] of Object.entries(OWN_PARAMS))
    if (own !== mode && Object.hasOwn(params, param))
      throw invalidRequest(`You can not pass \`${param}\` in \`${mode}\` mode.`, { param })
}

/** Whether a session creates a customer. An invoice needs one. */
export function customerCreation({
  customer,
  customer_creation = 'if_required',
  invoice_creation,
  mode,
}: Pick<ParamValue<typeof CREATE>, 'customer' | 'customer_creation' | 'invoice_creation' | 'mode'>) {
  if (customer !== undefined) return null
  return mode === 'subscription' || invoice_creation?.enabled ? 'always' : customer_creation
}

type InvoiceData = NonNullable<ParamValue<typeof CREATE>['invoice_creation']>['invoice_data']

/** What the invoice of a payment says. */
export const invoiceData = (account: Account, { metadata, ...settings }: InvoiceData = {}) => ({
  description: null,
  footer: null,
  ...readInvoiceSettings(account, settings, 'invoice_creation[invoice_data]'),
  metadata: mergeMetadata({}, metadata),
})

/** What a session in `payment` mode says about its payment. */
export function intentData(
  {
    capture_method,
    description,
    metadata,
    setup_future_usage,
    shipping,
    ...texts
  }: ParamValue<typeof CREATE>['payment_intent_data'] = {},
  {
    old,
    options,
  }: {
    old?: CheckoutSessionRow['payment_intent_data']
    options?: ParamValue<typeof CREATE>['payment_method_options'] | undefined
  } = {},
): CheckoutSessionRow['payment_intent_data'] {
  const shown = { ...old?.shown, ...texts, ...(shipping && { shipping: fullShipping(shipping) }) }
  return {
    ...(capture_method && { capture_method }),
    ...(options?.card?.capture_method && { card_capture_method: options.card.capture_method }),
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata: mergeMetadata({}, metadata) }),
    ...(setup_future_usage && { setup_future_usage }),
    ...(Object.keys(shown).length > 0 && { shown }),
  }
}

type IntentShipping = NonNullable<NonNullable<ParamValue<typeof CREATE>['payment_intent_data']>['shipping']>

const fullShipping = ({ address, ...given }: IntentShipping) => ({
  ...{ carrier: null, phone: null, tracking_number: null },
  ...given,
  address: { ...NO_ADDRESS, ...address },
})
