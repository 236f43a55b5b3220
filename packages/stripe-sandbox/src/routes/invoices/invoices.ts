import { amountsOf } from '../../amounts/invoice-amounts.ts'
import { announceInvoice, draftInvoice } from '../../billing/invoicing.ts'
import { pendingItems, attachItems, takeUp } from '../../billing/pending-items.ts'
import { useUpInherited } from '../../discounts/end-discounts.ts'
import { inheritedDiscounts } from '../../discounts/in-effect.ts'
import { emit } from '../../events/emit.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import {
  boolean,
  clearable,
  daysUntilDue,
  hash,
  isWithin,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeInvoice, serializeLine, updateInvoice } from '../../resources/invoice.ts'
import type { Account } from '../../state/account.ts'
import type { InvoiceRow } from '../../state/rows/invoice.ts'
import { computeAutomaticTax } from '../../taxes/automatic-tax.ts'
import { DAY } from '../../time.ts'
import { readShippingRate, SHIPPING_OPTION } from '../catalogue/shipping-rates.ts'
import { DISCOUNTS, readDiscounts } from '../discount-params.ts'
import { customerInParam, inParam, theInvoice, wrongInvoiceStatus } from '../lookup.ts'
import { COLLECTION_METHOD } from '../subscriptions/subscription-params.ts'
import { AUTOMATIC_TAX, checkEitherTax, readTaxRates, TAX_RATES } from '../tax-params.ts'
import { ACCOUNT_TAX_IDS, CUSTOM_FIELDS, readAccountTaxIds } from './invoice-settings.ts'
import { revisionOf } from './revise-invoice.ts'

const LIST = hash({
  ...PAGE,
  ...UNMATCHED,
  collection_method: COLLECTION_METHOD,
  created: timeRange(),
  customer: string(),
  due_date: timeRange(),
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: string(),
})
const COMMON = {
  account_tax_ids: ACCOUNT_TAX_IDS,
  auto_advance: boolean(),
  automatic_tax: AUTOMATIC_TAX,
  automatically_finalizes_at: timestamp(),
  collection_method: COLLECTION_METHOD,
  custom_fields: CUSTOM_FIELDS,
  days_until_due: daysUntilDue(),
  default_payment_method: string(),
  default_tax_rates: TAX_RATES,
  description: string(),
  discounts: DISCOUNTS,
  due_date: timestamp(),
  effective_at: clearable(timestamp()),
  footer: string(),
  metadata: metadata(),
  number: clearable(string({ max: 26 })),
  shipping_cost: clearable(SHIPPING_OPTION),
}
const CREATE = hash({
  ...COMMON,
  customer: string(),
  currency: currencyCode(),
  from_invoice: hash({ action: required(oneOf('revision')), invoice: required(string()) }),
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
  subscription: string(),
})
const UPDATE = hash(COMMON)

export const invoiceRoutes = [
  route('GET', '/invoices/:id', hash({}), ({ account, id }) => serializeInvoice(account, theInvoice(account, id))),
  route('GET', '/invoices', LIST, ({ account, params }) => {
    const { collection_method, created, customer, due_date, status, subscription } = params
    const candidates = subscription
      ? account.invoices.by('subscription', subscription)
      : customer
        ? account.invoices.by('customer', customer)
        : account.invoices.all()
    const rows = candidates.filter(
      (row) =>
        !row.deleted &&
        (!customer || row.customer === customer) &&
        (!status || row.status === status) &&
        (!collection_method || row.collection_method === collection_method) &&
        (!due_date || (row.due_date !== null && isWithin(row.due_date, due_date))) &&
        isWithin(row.created, created),
    )
    return page('/v1/invoices', rows, params, (row) => serializeInvoice(account, row))
  }),
  route('GET', '/invoices/:id/lines', hash(PAGE), ({ account, id, params }) => {
    const invoice = theInvoice(account, id)
    const amounts = amountsOf(account, invoice)
    return page(`/v1/invoices/${id}/lines`, invoice.lines.toReversed(), params, (line) =>
      serializeLine(invoice, line, amounts.lines[invoice.lines.indexOf(line)]),
    )
  }),
  route('POST', '/invoices', CREATE, ({ account, params }) => {
    const revised = params.from_invoice && revisionOf(account, params.from_invoice.invoice)
    const customer = customerInParam(account, params.customer ?? revisedCustomer(account, params))
    const currency = params.currency ?? customer.currency ?? 'usd'
    const items =
      params.pending_invoice_items_behavior === 'include' || params.subscription !== undefined
        ? pendingItems(account, customer.id, currency, params.subscription ?? null)
        : []
    const subscription =
      params.subscription === undefined
        ? null
        : inParam(account.subscriptions, params.subscription, 'subscription', 'subscription')
    const finalizesAt = readFinalization(params, account.nowOf(customer.id))
    const auto_advance = params.auto_advance ?? finalizesAt !== undefined
    checkEitherTax(params.automatic_tax, [params.default_tax_rates], 'default_tax_rates')
    const row = draftInvoice(account, {
      customer: customer.id,
      currency,
      billing_reason: 'manual',
      ...(params.custom_fields !== undefined && { custom_fields: params.custom_fields }),
      lines: takeUp(account, items),
      auto_advance,
      automatic_tax: params.automatic_tax?.enabled ? computeAutomaticTax(account, customer.id) : null,
      automatically_finalizes_at:
        finalizesAt ?? (auto_advance ? account.nowOf(customer.id) + account.settings.finalizeAfter : null),
      collection_method: params.collection_method ?? 'charge_automatically',
      days_until_due: params.days_until_due ?? null,
      default_payment_method: params.default_payment_method ?? null,
      default_tax_rates: readTaxRates(account, params.default_tax_rates, 'default_tax_rates'),
      description: params.description ?? null,
      due_date: params.due_date ?? null,
      ...(params.footer !== undefined && { footer: params.footer }),
      ...readDraftFields(account, params),
      metadata: mergeMetadata({}, params.metadata),
      ...(params.shipping_cost && {
        shipping_rate: readShippingRate(account, params.shipping_cost, { currency, param: 'shipping_cost' }),
      }),
      subscription: subscription?.id ?? null,
      subscription_metadata: subscription?.metadata ?? {},
      ...revised,
    })
    if (revised?.from_invoice) account.invoices.patch(revised.from_invoice.invoice, { latest_revision: row.id })
    attachItems(account, items, row.id)
    const { currency: own, id } = row
    const discounts = readDiscounts(account, params.discounts, {
      customer: customer.id,
      currency: own,
      param: 'discounts',
      present: revised ? row.discounts : inheritedDiscounts(account, customer.id, row.created),
      parents: subscription?.discounts ?? [],
      fields: { invoice: id },
    })
    const draft = account.invoices.patch(id, { discounts })
    announceInvoice(account, id)
    useUpInherited(account, draft)
    return serializeInvoice(account, draft)
  }),
  route('POST', '/invoices/:id', UPDATE, ({ account, id, params }) => {
    const old = theInvoice(account, id)
    const {
      automatic_tax,
      automatically_finalizes_at: _at,
      metadata: given,
      discounts,
      default_tax_rates,
      shipping_cost: shipping,
      ...others
    } = params
    const finalizesAt = readFinalization(params, account.nowOf(old.customer))
    checkEitherTax(automatic_tax, [default_tax_rates ?? old.default_tax_rates], 'default_tax_rates')
    const isTaxed = automatic_tax?.enabled ?? (old.automatic_tax ? !old.automatic_tax.disabled : false)
    const fields = {
      ...others,
      ...readDraftFields(account, params, id),
      ...(finalizesAt !== undefined && { automatically_finalizes_at: finalizesAt, auto_advance: true }),
      ...((automatic_tax !== undefined || (isTaxed && old.status === 'draft')) && {
        automatic_tax: isTaxed ? computeAutomaticTax(account, old.customer) : null,
      }),
      ...(default_tax_rates !== undefined && {
        default_tax_rates: readTaxRates(account, default_tax_rates, 'default_tax_rates', old.default_tax_rates),
      }),
      ...(shipping !== undefined && {
        shipping_rate: shipping && readShippingRate(account, shipping, { ...old, param: 'shipping_cost' }),
      }),
      ...(discounts !== undefined && {
        discounts: readDiscounts(account, discounts, {
          customer: old.customer,
          currency: old.currency,
          param: 'discounts',
          present: old.discounts,
          fields: { invoice: id },
        }),
      }),
    }
    const editable =
      old.status === 'draft'
        ? fields
        : { ...(fields.auto_advance !== undefined && { auto_advance: fields.auto_advance }) }
    const refused = Object.keys(fields).find((key) => !(key in editable))
    if (refused !== undefined)
      throw invalidRequest(`Finalized invoices can't be updated in this way: ${refused}.`, {
        param: refused,
        code: 'invoice_not_editable',
      })
    const now = account.nowOf(old.customer)
    const moves =
      fields.auto_advance === undefined || finalizesAt !== undefined || old.status !== 'draft'
        ? {}
        : { automatically_finalizes_at: fields.auto_advance ? now + account.settings.finalizeAfter : null }
    return serializeInvoice(
      account,
      updateInvoice(account, id, { ...editable, ...moves, metadata: mergeMetadata(old.metadata, given) }),
    )
  }),
  route('DELETE', '/invoices/:id', hash({}), ({ account, id }) => {
    const invoice = theInvoice(account, id)
    if (invoice.status !== 'draft' || invoice.subscription !== null) {
      throw wrongInvoiceStatus('You can only delete draft invoices that are not part of a subscription.')
    }
    for (const item of account.invoiceItems.by('customer', invoice.customer))
      if (item.invoice === id) account.invoiceItems.patch(item.id, { invoice: null })
    account.invoices.patch(id, { deleted: true })
    emit(account, 'invoice.deleted', serializeInvoice(account, invoice))
    return { id, object: 'invoice', deleted: true }
  }),
]

/** The customer of the invoice that is revised. */
function revisedCustomer(account: Account, { from_invoice }: { from_invoice?: { invoice: string } }): string {
  const revised = from_invoice && account.invoices.find(from_invoice.invoice)
  if (!revised) throw missingParam('customer')
  return revised.customer
}

/** @throws {StripeApiError} 400 for a time that is past or too far ahead, or for one of a draft that stays a draft. */
function readFinalization(
  { auto_advance, automatically_finalizes_at: at }: { auto_advance?: boolean; automatically_finalizes_at?: number },
  now: number,
): number | undefined {
  const param = 'automatically_finalizes_at'
  if (at === undefined) return undefined
  if (auto_advance === false)
    throw invalidRequest('`automatically_finalizes_at` can only be set if `auto_advance` is true.', { param })
  if (at <= now || at > now + 5 * 366 * DAY)
    throw invalidRequest('`automatically_finalizes_at` must be in the future, and within five years.', { param })
  return at
}

type DraftParams = Pick<ParamValue<typeof UPDATE>, 'account_tax_ids' | 'effective_at' | 'number'>

/**
 * The fields of a draft that are checked against other objects.
 *
 * @throws {StripeApiError} 400 for a number that another invoice has, or for a tax id that is not the account's own.
 */
function readDraftFields(
  account: Account,
  { account_tax_ids, effective_at, number }: DraftParams,
  id?: string,
): Partial<InvoiceRow> {
  if (number != null && account.invoices.all().some((row) => row.number === number && row.id !== id && !row.deleted))
    throw invalidRequest(`An invoice with the number \`${number}\` already exists.`, { param: 'number' })
  return {
    ...(account_tax_ids !== undefined && {
      account_tax_ids: account_tax_ids && readAccountTaxIds(account, account_tax_ids, 'account_tax_ids'),
    }),
    ...(effective_at !== undefined && { effective_at }),
    ...(number !== undefined && { number }),
  }
}
