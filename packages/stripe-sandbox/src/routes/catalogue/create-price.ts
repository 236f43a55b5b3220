import { emit } from '../../events/emit.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../../http/errors.ts'
import { mergeMetadata } from '../../http/params.ts'
import { newId } from '../../ids.ts'
import { serializePlan, serializePrice } from '../../resources/price.ts'
import type { Account } from '../../state/account.ts'
import type { Interval, PriceAmounts, PriceRow } from '../../state/rows/catalogue.ts'
import { checkAmount, inParam } from '../lookup.ts'
import { readCustomAmount, type CustomAmountTerms } from './custom-amount.ts'
import { readTiers, type TierTerms } from './tiers.ts'

type AmountTerms = Pick<TierTerms, 'tiers' | 'unit_amount' | 'unit_amount_decimal'> & {
  custom_unit_amount?: CustomAmountTerms
  tax_behavior?: PriceRow['tax_behavior']
}

export interface PriceTerms extends TierTerms {
  currency: string
  currency_options?: Record<string, AmountTerms>
  custom_unit_amount?: CustomAmountTerms
  product: string
  recurring?: {
    interval: Interval
    interval_count?: number
    meter?: string
    trial_period_days?: number
    usage_type?: 'licensed' | 'metered'
  }
  tax_behavior?: PriceRow['tax_behavior']
  transform_quantity?: PriceRow['transform_quantity']
  metadata?: Record<string, string | null> | null
  active?: boolean
  id?: string
  nickname?: string
  lookup_key?: string | null
}

/**
 * Creates a price and emits its events. A recurring price is a plan, too.
 *
 * `within` is the parameter that holds the terms, such as `price_data`; empty if they are the request's own parameters.
 *
 * @throws {StripeApiError} 400 for an unknown currency, a missing amount, or an interval over 3 years.
 * @throws {StripeApiError} 400 for tiers that don't cover every quantity, or that lack an amount.
 */
export function createPrice(account: Account, terms: PriceTerms, within: string): PriceRow {
  const name = (param: string): string => (within ? `${within}[${param}]` : param)
  const currency = terms.currency
  const { recurring, transform_quantity = null } = terms
  const { tiers_mode, ...amounts } = readAmounts(terms, currency, name)
  if (recurring) checkInterval(recurring, name('recurring'))
  if (transform_quantity && amounts.tiers) throw exclusiveParams('transform_quantity', 'tiers', 'transform_quantity')
  const row = account.prices.insert({
    id: terms.id ?? newId('price'),
    active: terms.active ?? true,
    created: account.now(),
    currency,
    currency_options: readCurrencyOptions(
      terms.currency_options ?? {},
      { ...terms, isCustom: terms.custom_unit_amount !== undefined },
      currency,
    ),
    lookup_key: terms.lookup_key ?? null,
    metadata: mergeMetadata({}, terms.metadata),
    meter: readMeter(account, recurring, name),
    nickname: terms.nickname ?? null,
    product: terms.product,
    recurring: recurring ? { interval: recurring.interval, interval_count: recurring.interval_count ?? 1 } : null,
    tiers_mode,
    transform_quantity,
    trial_period_days: recurring?.trial_period_days ?? null,
    ...amounts,
  })
  if (recurring) emit(account, 'plan.created', serializePlan(row))
  emit(account, 'price.created', serializePrice(row))
  return row
}

/**
 * What a price costs in currencies other than its own.
 *
 * @throws {StripeApiError} 400 for the price's own currency, and for amounts that don't fit the price.
 */
export function readCurrencyOptions(
  given: Readonly<Record<string, AmountTerms>>,
  terms: Omit<TierTerms, 'tiers'> & { readonly isCustom: boolean },
  own: string,
): PriceRow['currency_options'] {
  return Object.fromEntries(
    Object.entries(given).map(([currency, option]) => {
      const at = `currency_options[${currency}]`
      if (currency === own)
        throw invalidRequest(
          'You are specifying a currency option that matches the top-level currency for this price. Please remove this currency option and it will be added automatically on creation.',
          { param: at },
        )
      if (terms.isCustom && option.custom_unit_amount === undefined) throw missingParam(`${at}[custom_unit_amount]`)
      if (!terms.isCustom && option.custom_unit_amount)
        throw invalidRequest('A price has `custom_unit_amount` in all of its currencies or in none.', {
          param: `${at}[custom_unit_amount]`,
        })
      const { billing_scheme, recurring, tiers_mode } = terms
      const { tiers_mode: _mode, ...amounts } = readAmounts(
        { billing_scheme, recurring, tiers_mode, ...option },
        currency,
        (param) => `${at}[${param}]`,
      )
      return [currency, amounts]
    }),
  )
}

const NO_AMOUNT = { unit_amount: null, unit_amount_decimal: null }

function readAmounts(
  terms: TierTerms & AmountTerms,
  currency: string,
  name: (param: string) => string,
): PriceAmounts & Pick<PriceRow, 'tiers_mode'> {
  const { tiers, tiers_mode } = readTiers(terms, currency, name)
  if (tiers && terms.custom_unit_amount)
    throw exclusiveParams('custom_unit_amount', 'tiers', name('custom_unit_amount'))
  const tax_behavior = terms.tax_behavior ?? 'unspecified'
  if (tiers) return { tax_behavior, tiers, tiers_mode, ...NO_AMOUNT }
  const { unit_amount, unit_amount_decimal } = terms
  if (terms.custom_unit_amount) {
    const custom_unit_amount = readCustomAmount(terms.custom_unit_amount, terms, currency, name)
    return { custom_unit_amount, tax_behavior, tiers: null, tiers_mode: null, ...NO_AMOUNT }
  }
  if (unit_amount !== undefined && unit_amount_decimal !== undefined)
    throw exclusiveParams('unit_amount', 'unit_amount_decimal', name('unit_amount_decimal'))
  const decimal = unit_amount_decimal ?? (unit_amount === undefined ? undefined : String(unit_amount))
  if (decimal === undefined) throw missingParam(name('unit_amount'))
  const isWhole = !decimal.includes('.')
  if (isWhole)
    checkAmount(Number(decimal), currency, name(unit_amount === undefined ? 'unit_amount_decimal' : 'unit_amount'))
  return {
    tax_behavior,
    tiers: null,
    tiers_mode: null,
    unit_amount: isWhole ? Number(decimal) : null,
    unit_amount_decimal: decimal,
  }
}

/**
 * The meter of a metered price; null for a licensed one.
 *
 * @throws {StripeApiError} 400 if a metered price has no active meter, or a licensed one has one.
 */
function readMeter(
  account: Account,
  recurring: PriceTerms['recurring'],
  name: (param: string) => string,
): string | null {
  const param = `${name('recurring')}[meter]`
  const { meter, usage_type = 'licensed' } = recurring ?? {}
  if (usage_type === 'licensed') {
    if (meter === undefined) return null
    throw invalidRequest('Only a price with `usage_type=metered` can have a meter.', { param })
  }
  if (meter === undefined) throw missingParam(param)
  const { status } = inParam(account.meters, meter, 'billing meter', param)
  if (status === 'inactive') throw invalidRequest(`The meter ${meter} is inactive, so no price can use it.`, { param })
  return meter
}

/**
 * Checks that an interval is at most three years long.
 *
 * @see https://docs.stripe.com/api/prices/create#create_price-recurring-interval_count
 */
function checkInterval(
  { interval, interval_count = 1 }: { interval: Interval; interval_count?: number },
  param: string,
): void {
  const most = { day: 1095, week: 156, month: 36, year: 3 }[interval]
  if (interval_count > most)
    throw invalidRequest(`The maximum interval allowed is 3 years.`, { param: `${param}[interval_count]` })
}
