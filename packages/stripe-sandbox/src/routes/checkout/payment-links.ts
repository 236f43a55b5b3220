import { isOpen } from '../../checkout/follow-link.ts'
import { emit, emitUpdated } from '../../events/emit.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { missingParam, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  boolean,
  clearable,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId, randomText } from '../../ids.ts'
import { serializeLinkLine } from '../../resources/checkout-session.ts'
import { isSubscription, serializePaymentLink } from '../../resources/payment-link.ts'
import type { Account } from '../../state/account.ts'
import type { PaymentLinkRow } from '../../state/rows/payment-link.ts'
import { currencyOf } from '../catalogue/currencies.ts'
import { inPath } from '../lookup.ts'
import { TRIAL_SETTINGS } from '../subscriptions/subscription-params.ts'
import { AUTOMATIC_TAX, checkEitherTax } from '../tax-params.ts'
import {
  checkLines,
  checkPromotionCodes,
  readAdjustable,
  readLine,
  readOptionalItems,
  type AdjustableParams,
} from './checkout-lines.ts'
import { intentData, invoiceData, refuseOtherModes } from './checkout-modes.ts'
import {
  ADJUSTABLE_QUANTITY,
  INVOICE_CREATION,
  LINE_ITEM,
  OPTIONAL_ITEM,
  LINK_INTENT_DATA,
  SHIPPING_ADDRESS_COLLECTION,
} from './checkout-params.ts'
import { checkUrl } from './checkout-presentation.ts'
import { readShipping } from './checkout-shipping.ts'

const AFTER_COMPLETION = hash({
  type: required(oneOf('hosted_confirmation', 'redirect')),
  hosted_confirmation: hash({ custom_message: string({ max: 500 }) }),
  redirect: hash({ url: required(string()) }),
})
const COMMON = {
  after_completion: AFTER_COMPLETION,
  allow_promotion_codes: boolean(),
  automatic_tax: AUTOMATIC_TAX,
  billing_address_collection: oneOf('auto', 'required'),
  customer_creation: oneOf('always', 'if_required'),
  inactive_message: clearable(string({ max: 500 })),
  invoice_creation: INVOICE_CREATION,
  metadata: metadata(),
  payment_intent_data: hash(LINK_INTENT_DATA),
  payment_method_collection: oneOf('always', 'if_required'),
  restrictions: clearable(hash({ completed_sessions: required(hash({ limit: required(integer({ min: 1 })) })) })),
  subscription_data: hash({
    description: string({ max: 500 }),
    metadata: metadata(),
    trial_period_days: clearable(integer({ min: 1, max: 730 })),
    trial_settings: TRIAL_SETTINGS,
  }),
  tax_id_collection: hash({ enabled: required(boolean()), required: oneOf('if_supported', 'never') }),
}
const CREATE = hash({
  ...COMMON,
  currency: currencyCode(),
  line_items: required(list(LINE_ITEM, { max: 20 })),
  optional_items: list(OPTIONAL_ITEM, { max: 10 }),
  shipping_address_collection: SHIPPING_ADDRESS_COLLECTION,
  shipping_options: list(hash({ shipping_rate: string() }), { max: 5 }),
})
const UPDATE = hash({
  ...COMMON,
  active: boolean(),
  line_items: list(
    hash({
      id: required(string()),
      adjustable_quantity: ADJUSTABLE_QUANTITY,
      quantity: integer({ min: 1, max: 999_999 }),
    }),
    { max: 20 },
  ),
  optional_items: clearable(list(OPTIONAL_ITEM, { max: 10 })),
  shipping_address_collection: clearable(SHIPPING_ADDRESS_COLLECTION),
  shipping_options: clearable(list(hash({ shipping_rate: string() }), { max: 5 })),
})

/** @see https://docs.stripe.com/api/payment-link */
export const paymentLinkRoutes = [
  route('POST', '/payment_links', CREATE, ({ account, params }) => {
    const lines = params.line_items.map((line, index) => readLine(account, line, `line_items[${index}]`))
    if (lines.length === 0) throw missingParam('line_items')
    const mode = isSubscription(account, { lines }) ? 'subscription' : 'payment'
    checkLines(account, lines, mode)
    checkPromotionCodes(account, lines, params.allow_promotion_codes)
    refuseOtherModes(params, mode)
    checkEitherTax(
      params.automatic_tax,
      lines.map((line) => line.tax_rates),
      'automatic_tax[enabled]',
    )
    const currency = currencyOf(account, lines, { asked: params.currency, own: null, list: 'line_items' })
    const optional_items = readOptionalItems(account, params.optional_items ?? [], { lines, mode, currency })
    const row = account.paymentLinks.insert({
      id: newId('plink'),
      created: account.now(),
      active: true,
      after_completion: { type: 'hosted_confirmation', custom_message: null },
      allow_promotion_codes: false,
      billing_address_collection: 'auto',
      completed: 0,
      currency,
      customer_creation: 'if_required',
      inactive_message: null,
      invoice_creation: null,
      limit: null,
      lines,
      metadata: {},
      ...(optional_items.length > 0 && { optional_items }),
      ...readShipping(account, params, { currency, mode }),
      payment_intent_data: {},
      payment_method_collection: 'always',
      subscription_data: {
        description: null,
        metadata: {},
        missing_payment_method: 'create_invoice',
        trial_period_days: null,
      },
      token: `test_${randomText(18)}`,
    })
    const link = account.paymentLinks.patch(row.id, fieldsOf(account, row, params))
    emit(account, 'payment_link.created', serializePaymentLink(account, link))
    return serializePaymentLink(account, link)
  }),
  route('GET', '/payment_links/:id', hash({}), ({ account, id }) =>
    serializePaymentLink(account, inPath(account.paymentLinks, id, 'payment_link')),
  ),
  route('POST', '/payment_links/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.paymentLinks, id, 'payment_link')
    const { active, line_items, optional_items, shipping_address_collection, shipping_options } = params
    const { currency } = old
    const mode = isSubscription(account, old) ? 'subscription' : 'payment'
    refuseOtherModes(params, mode)
    checkPromotionCodes(account, old.lines, params.allow_promotion_codes)
    const row = account.paymentLinks.patch(id, {
      ...fieldsOf(account, old, params),
      ...(active !== undefined && { active }),
      ...(line_items && { lines: changedLines(account, old, line_items, mode) }),
      ...(optional_items !== undefined && {
        optional_items: optional_items ? readOptionalItems(account, optional_items, { ...old, mode }) : undefined,
      }),
      ...(shipping_address_collection !== undefined && {
        shipping_countries: undefined,
        ...readShipping(account, { shipping_address_collection }, { currency, mode }),
      }),
      ...(shipping_options !== undefined && {
        shipping_rates: undefined,
        ...readShipping(account, { shipping_options: shipping_options ?? [] }, { currency, mode }),
      }),
    })
    emitUpdated(account, 'payment_link.updated', serializePaymentLink(account, old), serializePaymentLink(account, row))
    return serializePaymentLink(account, row)
  }),
  route('GET', '/payment_links/:id/line_items', hash(PAGE), ({ account, id, params }) => {
    const link = inPath(account.paymentLinks, id, 'payment_link')
    return page(`/v1/payment_links/${id}/line_items`, link.lines.toReversed(), params, (line) =>
      serializeLinkLine(account, line, link.currency),
    )
  }),
  route('GET', '/payment_links', hash({ ...PAGE, active: boolean() }), ({ account, params }) => {
    const rows = account.paymentLinks
      .all()
      .filter((row) => params.active === undefined || isOpen(row) === params.active)
    return page('/v1/payment_links', rows, params, (row) => serializePaymentLink(account, row))
  }),
]

type Common = Partial<ParamValue<ReturnType<typeof hash<typeof COMMON>>>>

/** The fields of a link that a request sets. */
function fieldsOf(account: Account, old: PaymentLinkRow, params: Common): Partial<PaymentLinkRow> {
  const {
    after_completion: after,
    invoice_creation,
    payment_intent_data,
    restrictions,
    subscription_data: data,
  } = params
  const { allow_promotion_codes, billing_address_collection, customer_creation, inactive_message } = params
  const { automatic_tax, payment_method_collection, tax_id_collection } = params
  return {
    ...(after && { after_completion: readAfter(after) }),
    ...(allow_promotion_codes !== undefined && { allow_promotion_codes }),
    ...(automatic_tax && { automatic_tax: automatic_tax.enabled }),
    ...(billing_address_collection && { billing_address_collection }),
    ...(customer_creation && { customer_creation }),
    ...(inactive_message !== undefined && { inactive_message }),
    ...(invoice_creation && {
      invoice_creation: invoice_creation.enabled ? invoiceData(account, invoice_creation.invoice_data) : null,
      ...(invoice_creation.enabled && { customer_creation: 'always' as const }),
    }),
    metadata: mergeMetadata(old.metadata, params.metadata),
    ...(payment_intent_data && {
      payment_intent_data: {
        ...old.payment_intent_data,
        ...intentData(payment_intent_data, { old: old.payment_intent_data }),
      },
    }),
    ...(payment_method_collection && { payment_method_collection }),
    ...(tax_id_collection && {
      tax_id_collection: { enabled: tax_id_collection.enabled, required: tax_id_collection.required ?? 'never' },
    }),
    ...(restrictions !== undefined && { limit: restrictions?.completed_sessions.limit ?? null }),
    ...(data && {
      subscription_data: {
        description: data.description ?? old.subscription_data.description,
        metadata: mergeMetadata(old.subscription_data.metadata, data.metadata),
        missing_payment_method:
          data.trial_settings?.end_behavior.missing_payment_method ?? old.subscription_data.missing_payment_method,
        trial_period_days:
          data.trial_period_days === undefined ? old.subscription_data.trial_period_days : data.trial_period_days,
      },
    }),
  }
}

function readAfter({
  type,
  hosted_confirmation,
  redirect,
}: ParamValue<typeof AFTER_COMPLETION>): PaymentLinkRow['after_completion'] {
  if (type === 'hosted_confirmation') return { type, custom_message: hosted_confirmation?.custom_message ?? null }
  if (!redirect) throw missingParam('after_completion[redirect]')
  checkUrl(redirect.url, 'after_completion[redirect][url]')
  return { type, url: redirect.url }
}

/** The lines of a link with other quantities. */
function changedLines(
  account: Account,
  { lines }: PaymentLinkRow,
  changes: readonly { id: string; adjustable_quantity?: AdjustableParams; quantity?: number }[],
  mode: 'payment' | 'subscription',
): PaymentLinkRow['lines'] {
  for (const [index, { id }] of changes.entries())
    if (!lines.some((line) => line.id === id))
      throw resourceMissing('line item', id, { param: `line_items[${index}][id]` })
  const changed = lines.map(({ adjustable: before, ...line }) => {
    const index = changes.findIndex(({ id }) => id === line.id)
    const change = changes[index]
    const isMetered = account.prices.get(line.price).meter !== null
    const quantity = isMetered ? line.quantity : (change?.quantity ?? line.quantity)
    const where = { price: line.price, quantity, param: `line_items[${index}]` }
    const adjustable = change?.adjustable_quantity ? readAdjustable(account, change.adjustable_quantity, where) : before
    return { ...line, quantity, ...(adjustable && { adjustable }) }
  })
  checkLines(account, changed, mode)
  return changed
}
