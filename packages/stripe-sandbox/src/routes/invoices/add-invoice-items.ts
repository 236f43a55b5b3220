import type { OneTimeItem } from '../../billing/one-time-items.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import {
  boolean,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timestamp,
  type Param,
  type ParamValue,
} from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import type { AddedPeriod, PhaseInvoiceItem } from '../../state/rows/subscription.ts'
import { createPrice } from '../catalogue/create-price.ts'
import { refuseCustomAmount } from '../catalogue/custom-amount.ts'
import { UNIT_AMOUNT } from '../catalogue/price-params.ts'
import { DISCOUNTS, readDiscounts, readPhaseDiscounts } from '../discount-params.ts'
import { activePriceInParam, inParam } from '../lookup.ts'
import { readTaxRates, TAX_RATES } from '../tax-params.ts'

const BOUND = { timestamp: timestamp() }
const addedItems = <S extends string, E extends string>(starts: Param<S>, ends: Param<E>) =>
  list(
    hash({
      discountable: boolean(),
      discounts: DISCOUNTS,
      metadata: metadata(),
      period: hash({
        start: required(hash({ ...BOUND, type: required(starts) })),
        end: required(hash({ ...BOUND, type: required(ends) })),
      }),
      price: string(),
      price_data: hash({ currency: required(currencyCode()), product: required(string()), ...UNIT_AMOUNT }),
      quantity: integer({ min: 1 }),
      tax_rates: TAX_RATES,
    }),
    { max: 20 },
  )

/** What a subscription's next invoice bills once. */
export const ADD_INVOICE_ITEMS = addedItems(
  oneOf('max_item_period_start', 'now', 'timestamp'),
  oneOf('min_item_period_end', 'timestamp'),
)
/** What the next invoice of a phase bills once. */
export const PHASE_INVOICE_ITEMS = addedItems(
  oneOf('max_item_period_start', 'phase_start', 'timestamp'),
  oneOf('min_item_period_end', 'phase_end', 'timestamp'),
)

type Added = ParamValue<typeof ADD_INVOICE_ITEMS | typeof PHASE_INVOICE_ITEMS>
interface Payer {
  readonly customer: string
  readonly currency: string
}

/**
 * Reads the one-time prices that an invoice bills besides the items of a subscription.
 *
 * @throws {StripeApiError} 400 without a price, or for a recurring one.
 */
export function readAddedItems(account: Account, given: Added | undefined, payer: Payer): OneTimeItem[] {
  return readItems(account, given, 'add_invoice_items', (discounts, param) =>
    readDiscounts(account, discounts, { ...payer, param }),
  )
}

/**
 * The same for a phase of a schedule. Its discounts are redeemed when the phase begins.
 *
 * @param within the phase's parameter, such as `phases[0]`.
 * @throws {StripeApiError} 400 without a price, or for a recurring one.
 */
export function readPhaseItems(
  account: Account,
  given: Added | undefined,
  { customer, currency, within }: Payer & { within: string },
): PhaseInvoiceItem[] {
  return readItems(account, given, `${within}[add_invoice_items]`, (discounts, param) =>
    readPhaseDiscounts(account, discounts, { customer, currency, param }),
  )
}

/** The default of Stripe: the period that all items have in common. */
const COMMON_PERIOD: AddedPeriod = { start: { type: 'max_item_period_start' }, end: { type: 'min_item_period_end' } }

function readItems<D>(
  account: Account,
  given: Added = [],
  list: string,
  discountsOf: (given: Added[number]['discounts'], param: string) => D,
): (Omit<PhaseInvoiceItem, 'discounts'> & { discounts: D })[] {
  return given.map(
    ({ discountable = true, discounts, metadata: own, period, quantity = 1, tax_rates, ...item }, index) => {
      const param = `${list}[${index}]`
      const { price: id, price_data } = item
      if (id !== undefined && price_data !== undefined) throw exclusiveParams('price', 'price_data', `${param}[price]`)
      if (id === undefined && price_data === undefined) throw missingParam(`${param}[price]`)
      if (price_data) inParam(account.products, price_data.product, 'product', `${param}[price_data][product]`)
      const price = price_data
        ? createPrice(account, { ...price_data, active: false }, `${param}[price_data]`)
        : activePriceInParam(account, id ?? '', `${param}[price]`)
      refuseCustomAmount(price, `${param}[price]`)
      if (price.recurring)
        throw invalidRequest(
          'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
          { param: `${param}[price]` },
        )
      for (const bound of ['start', 'end'] as const)
        if (period?.[bound].type === 'timestamp' && period[bound].timestamp === undefined)
          throw missingParam(`${param}[period][${bound}][timestamp]`)
      return {
        price: price.id,
        quantity,
        discountable,
        discounts: discountsOf(discounts, `${param}[discounts]`),
        metadata: mergeMetadata({}, own),
        period: period ?? COMMON_PERIOD,
        tax_rates: readTaxRates(account, tax_rates, `${param}[tax_rates]`),
      }
    },
  )
}
