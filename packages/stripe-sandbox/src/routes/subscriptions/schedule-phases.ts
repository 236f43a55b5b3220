import { boundary } from '../../billing/periods.ts'
import { recurringPrice } from '../../billing/recurring-price.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest } from '../../http/errors.ts'
import {
  boolean,
  clearable,
  daysUntilDue,
  either,
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
import type { Account } from '../../state/account.ts'
import type { SchedulePhase, ScheduleSettings, SubscriptionRow } from '../../state/rows/subscription.ts'
import { itemPrice, itemQuantity, NEW_ITEM } from '../catalogue/item-price.ts'
import { ownMethod } from '../customers/customers.ts'
import { DISCOUNTS, readPhaseDiscounts } from '../discount-params.ts'
import { PHASE_INVOICE_ITEMS, readPhaseItems } from '../invoices/add-invoice-items.ts'
import { INVOICE_SETTINGS, readInvoiceSettings } from '../invoices/invoice-settings.ts'
import { checkEachOnce } from '../lookup.ts'
import { AUTOMATIC_TAX, checkEitherTax, checkTaxLocation, readTaxRates, TAX_RATES } from '../tax-params.ts'
import { BILLING_THRESHOLDS, COLLECTION_METHOD, PRORATION_BEHAVIOR, readThresholds } from './subscription-params.ts'

const SETTINGS = {
  automatic_tax: AUTOMATIC_TAX,
  billing_cycle_anchor: oneOf('automatic', 'phase_start'),
  billing_thresholds: BILLING_THRESHOLDS,
  collection_method: COLLECTION_METHOD,
  default_payment_method: string(),
  description: clearable(string({ max: 500 })),
  invoice_settings: hash({ ...INVOICE_SETTINGS, days_until_due: daysUntilDue() }),
}

/** What all phases of a schedule have in common, unless they say otherwise. */
export const DEFAULT_SETTINGS_PARAM = hash(SETTINGS)

/** How many periods a phase has: at most as many as there are days in a century, so that its end is a date. */
const PERIODS = integer({ min: 1, max: 36_500 })

/** A phase of a subscription schedule, as a request describes it. */
export const PHASE = hash({
  ...SETTINGS,
  add_invoice_items: PHASE_INVOICE_ITEMS,
  start_date: either(['now'], timestamp()),
  end_date: either(['now'], timestamp()),
  duration: hash({ interval: required(oneOf('day', 'month', 'week', 'year')), interval_count: PERIODS }),
  // From API versions before `duration`. The Stripe CLI's fixtures still send it.
  iterations: PERIODS,
  items: required(list(NEW_ITEM, { max: 20 })),
  currency: currencyCode(),
  default_tax_rates: TAX_RATES,
  discounts: DISCOUNTS,
  metadata: metadata(),
  proration_behavior: PRORATION_BEHAVIOR,
  trial: boolean(),
  trial_end: either(['now'], timestamp()),
})

type SettingsParams = ParamValue<typeof DEFAULT_SETTINGS_PARAM>

/** Reads the settings that a phase or the default settings name; null stands for those that they don't. */
export function readSettings(
  account: Account,
  customer: string,
  given: SettingsParams,
  param: string,
): ScheduleSettings {
  const { billing_thresholds: thresholds, default_payment_method: method = null, invoice_settings: invoices } = given
  const { days_until_due = null, ...says } = invoices ?? {}
  if (method !== null) ownMethod(account, customer, method, `${param}[default_payment_method]`)
  if (given.automatic_tax?.enabled) checkTaxLocation(account, customer, `${param}[automatic_tax][enabled]`)
  return {
    automatic_tax: given.automatic_tax?.enabled ?? null,
    billing_cycle_anchor: given.billing_cycle_anchor ?? null,
    billing_thresholds: readThresholds(thresholds),
    collection_method: given.collection_method ?? null,
    days_until_due,
    default_payment_method: method,
    description: given.description ?? null,
    ...(Object.keys(says).length > 0 && {
      invoice_settings: readInvoiceSettings(account, says, `${param}[invoice_settings]`),
    }),
  }
}

interface Reading {
  customer: string
  start: number
  now: number
  /** The prices that the subscription has now. */
  current: ReadonlySet<string>
  /** The subscription's billing mode, if there is one. */
  mode?: SubscriptionRow['billing_mode']
}

/**
 * Turns a request's phases into a schedule's. Each phase starts where the previous one ends. A last phase without an
 * end lasts one period of its price. The account's settings say whether a phase may repeat a price that the
 * subscription has now after it was archived.
 *
 * @throws {StripeApiError} 400 if the phases leave gaps, overlap, or have no end.
 */
export function readPhases(
  account: Account,
  given: readonly ParamValue<typeof PHASE>[],
  { customer, start, now, current, mode = 'flexible' }: Reading,
): SchedulePhase[] {
  const phases: SchedulePhase[] = []
  const kept = account.settings.archivedPricesInPhases === 'accepted' ? current : new Set<string>()
  for (const [index, phase] of given.entries()) {
    const items = phase.items.map((item, place) => {
      const { billing_thresholds, quantity: wanted, metadata: own, discounts, tax_rates, ...priced } = item
      const param = `phases[${index}][items][${place}]`
      const price = phasePrice(account, priced, param, kept)
      const { currency } = account.prices.get(price)
      const quantity = itemQuantity(account, price, wanted, param)
      return {
        price,
        quantity,
        ...(billing_thresholds && { billing_thresholds }),
        metadata: mergeMetadata({}, own),
        discounts: readPhaseDiscounts(account, discounts, { customer, currency, param: `${param}[discounts]` }),
        tax_rates: readTaxRates(account, tax_rates, `${param}[tax_rates]`),
      }
    })
    checkEachOnce(items, `phases[${index}][items]`)
    checkEitherTax(
      phase.automatic_tax,
      [phase.default_tax_rates, ...items.map(({ tax_rates }) => tax_rates)],
      `phases[${index}][default_tax_rates]`,
    )
    const { currency, recurring } = recurringPrice(account, items, mode)
    if (phase.currency !== undefined && phase.currency !== currency)
      throw invalidRequest(`The phase's prices use the currency ${currency}, not ${phase.currency}.`, {
        param: `phases[${index}][currency]`,
      })
    const start_date =
      index === 0
        ? phase.start_date === 'now'
          ? now
          : (phase.start_date ?? start)
        : (phases.at(-1)?.end_date ?? start)
    if (index > 0 && typeof phase.start_date === 'number' && phase.start_date !== start_date) {
      throw invalidRequest('The start date of a phase must match the end date of the phase before it.', {
        param: `phases[${index}][start_date]`,
      })
    }
    if (phase.end_date !== undefined && phase.duration !== undefined)
      throw exclusiveParams('end_date', 'duration', `phases[${index}][duration]`)
    const lasts = phase.duration
      ? { interval: phase.duration.interval, interval_count: phase.duration.interval_count ?? 1 }
      : recurring
    if (
      phase.end_date === undefined &&
      phase.duration === undefined &&
      phase.iterations === undefined &&
      index < given.length - 1
    ) {
      throw invalidRequest(`You must specify an \`end_date\` or a \`duration\` for every phase but the last.`, {
        param: `phases[${index}][end_date]`,
      })
    }
    const end_date =
      phase.end_date === 'now'
        ? now
        : (phase.end_date ?? (lasts ? boundary(start_date, lasts, phase.iterations ?? 1) : start_date))
    if (end_date <= start_date)
      throw invalidRequest('The end date of a phase must be after its start date.', {
        param: `phases[${index}][end_date]`,
      })
    phases.push({
      ...readSettings(account, customer, phase, `phases[${index}]`),
      start_date,
      end_date,
      ...(phase.add_invoice_items && {
        add_invoice_items: readPhaseItems(account, phase.add_invoice_items, {
          ...{ customer, currency, within: `phases[${index}]` },
        }),
      }),
      default_tax_rates: readTaxRates(account, phase.default_tax_rates, `phases[${index}][default_tax_rates]`),
      discounts: readPhaseDiscounts(account, phase.discounts, {
        customer,
        currency,
        param: `phases[${index}][discounts]`,
      }),
      items,
      metadata: mergeMetadata({}, phase.metadata),
      unsetMetadata: Object.entries(phase.metadata ?? {}).flatMap(([key, value]) => (value === null ? [key] : [])),
      proration_behavior: phase.proration_behavior ?? 'create_prorations',
      trial_end: phase.trial ? end_date : phase.trial_end === 'now' ? null : (phase.trial_end ?? null),
    })
  }
  return phases
}

function phasePrice(
  account: Account,
  priced: Parameters<typeof itemPrice>[1],
  param: string,
  kept: ReadonlySet<string>,
): string {
  const { price } = priced
  return price !== undefined && kept.has(price) ? price : itemPrice(account, priced, param)
}
