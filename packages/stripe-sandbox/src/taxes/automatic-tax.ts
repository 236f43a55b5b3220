import { newId } from '../ids.ts'
import type { Account } from '../state/account.ts'
import { priceIn } from '../state/price-in.ts'
import type { PriceAmounts } from '../state/rows/catalogue.ts'
import type { Address, CustomerRow } from '../state/rows/customer.ts'
import type { ItemTerms } from '../state/rows/invoice.ts'
import type { AutomaticTax, RateSets, TaxabilityReason, TaxIdRow, TaxRateRow } from '../state/rows/tax.ts'
import { locatedCustomer } from './located-customer.ts'
import { placeOf, type Place } from './place.ts'
import { taxTermsOf } from './product-terms.ts'
import { isInEu, standardRates, type PlaceRate } from './rates.ts'
import { headOffice, isRegisteredIn } from './tax-settings.ts'

/**
 * Computes which taxes a customer pays now. It creates the tax rates that it needs, as Stripe Tax does.
 *
 * @see https://docs.stripe.com/tax/calculating
 */
export function computeAutomaticTax(account: Account, customer: string): AutomaticTax {
  return taxesFor(account, { ...locatedCustomer(account, customer), tax_ids: account.taxIds.by('customer', customer) })
}

/** Who pays, as far as taxes need it. A checkout page has no customer yet. */
export interface TaxPayer extends Pick<CustomerRow, 'address' | 'tax_exempt' | 'tax_ip_address'> {
  /** Where the purchase is sent. It counts before the address. */
  readonly shipping?: Pick<Address, 'country' | 'postal_code' | 'state'> | null
  readonly tax_ids: readonly Pick<TaxIdRow, 'type' | 'verification'>[]
}

/** Computes which taxes a payer owes now. */
export function taxesFor(account: Account, payer: TaxPayer): AutomaticTax {
  const none = { exclusive: [], inclusive: [], nontaxable: [] }
  if (account.settings.taxCalculation === 'failing') return { status: 'failed', disabled: null, rates: none }
  const place = placeOf(payer)
  if (place === null) return { status: 'requires_location_inputs', disabled: null, rates: none }
  const locations = account.taxLocations.all()
  const performed = locations.map(({ id, address }): [string, RateSets] => [
    id,
    ratesIn(account, payer, placeOf({ address, tax_ip_address: null }) ?? place),
  ])
  return {
    status: 'complete',
    disabled: null,
    rates: ratesIn(account, payer, place),
    ...(performed.length > 0 && { performed: Object.fromEntries(performed) }),
  }
}

/** The tax rates of a place for a payer. */
function ratesIn(account: Account, payer: TaxPayer, place: Place): RateSets {
  const rates = standardRates(place)
  const exception = exceptionFor(account, payer, place, rates)
  const make = (inclusive: boolean, reason: TaxabilityReason | null): string[] =>
    (rates ?? [NO_RATE]).map((rate) => ensureRate(account, place, rate, { inclusive, reason }))
  return {
    exclusive: make(false, exception),
    inclusive: make(true, exception),
    nontaxable: make(false, exception ?? 'not_subject_to_tax'),
  }
}

const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region' })
const NO_RATE: PlaceRate = { name: 'Tax', type: 'vat', percentage: 0 }

/** Why no tax is collected; null if it is. */
function exceptionFor(
  account: Account,
  payer: TaxPayer,
  place: Place,
  rates: readonly PlaceRate[] | null,
): TaxabilityReason | null {
  if (rates === null) return 'not_supported'
  if (!isRegisteredIn(account, place)) return 'not_collecting'
  if (payer.tax_exempt === 'exempt') return 'customer_exempt'
  if (payer.tax_exempt === 'reverse' || isBusinessAbroad(account, payer, place)) return 'reverse_charge'
  return null
}

/**
 * Whether a customer is a business in another country of the European Union than the seller. A number that the registry
 * doesn't know doesn't count.
 *
 * @see https://docs.stripe.com/tax/zero-tax#reverse-charges
 */
function isBusinessAbroad(account: Account, { tax_ids }: TaxPayer, { country }: Place): boolean {
  return (
    isInEu(country) &&
    country !== headOffice(account).country &&
    tax_ids.some(({ type, verification }) => type === 'eu_vat' && verification?.status !== 'unverified')
  )
}

function ensureRate(
  account: Account,
  { country, state }: Place,
  { name, type, percentage }: PlaceRate,
  { inclusive, reason }: { inclusive: boolean; reason: TaxabilityReason | null },
): string {
  const fields = {
    country,
    state,
    tax_type: type,
    inclusive,
    percentage: reason === null ? percentage : 0,
    automatic: { reason },
  }
  const known = account.taxRates.all().find((row) => isSame(row, fields))
  if (known) return known.id
  return account.taxRates.insert({
    id: newId('txr'),
    created: account.now(),
    active: false,
    description: `${name} ${state ?? COUNTRY_NAMES.of(country) ?? country}`,
    display_name: name,
    jurisdiction: state ?? country,
    metadata: {},
    ...fields,
  }).id
}

function isSame(row: TaxRateRow, fields: Partial<TaxRateRow>): boolean {
  return (
    row.automatic !== undefined &&
    row.automatic.reason === fields.automatic?.reason &&
    row.country === fields.country &&
    row.state === fields.state &&
    row.tax_type === fields.tax_type &&
    row.inclusive === fields.inclusive &&
    row.percentage === fields.percentage
  )
}

/** What is taxed. Its own terms count before those of its price and its product. */
interface Taxed extends Pick<ItemTerms, 'tax_behavior' | 'tax_code'> {
  /** Where it takes place, if not where its product says. */
  readonly performance_location?: string
  readonly price: string | null
  readonly product: string | null
  readonly currency: string
}

/** The tax rates of one line. */
export function ratesOfLine(
  account: Account,
  { performed, rates: own }: AutomaticTax,
  { price, product, currency, tax_behavior, tax_code, performance_location }: Taxed,
): readonly string[] {
  const terms = product === null ? {} : taxTermsOf(account, product)
  const code = tax_code ?? terms.tax_code
  const rates = performed?.[performance_location ?? terms.performance_location ?? ''] ?? own
  if (code === NONTAXABLE) return rates.nontaxable
  const inclusive = tax_behavior ? tax_behavior === 'inclusive' : isInclusive(account, price, currency)
  return inclusive ? rates.inclusive : rates.exclusive
}

/** The tax rates of shipping, which is taxed like most products. */
export function ratesOfShipping(
  account: Account,
  { rates }: AutomaticTax,
  {
    currency,
    tax_behavior,
    tax_code,
  }: { currency: string; tax_behavior: PriceAmounts['tax_behavior']; tax_code: string | null },
): readonly string[] {
  if (tax_code === NONTAXABLE) return rates.nontaxable
  return isInclusiveAs(account, tax_behavior, currency) ? rates.inclusive : rates.exclusive
}

/** https://docs.stripe.com/tax/tax-codes?tax_code=txcd_00000000 */
const NONTAXABLE = 'txcd_00000000'

/** @see https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior#default-tax-behavior */
function isInclusive(account: Account, price: string | null, currency: string): boolean {
  return isInclusiveAs(
    account,
    price === null ? 'unspecified' : priceIn(account, price, currency).tax_behavior,
    currency,
  )
}

function isInclusiveAs(account: Account, own: PriceAmounts['tax_behavior'], currency: string): boolean {
  const behavior =
    own === 'unspecified' ? (account.taxSettings.find('tax')?.tax_behavior ?? 'inferred_by_currency') : own
  if (behavior === 'inferred_by_currency') return currency !== 'usd' && currency !== 'cad'
  return behavior === 'inclusive'
}
