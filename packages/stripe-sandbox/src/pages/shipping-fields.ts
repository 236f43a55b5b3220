import { shippingAmounts } from '../amounts/shipping-amounts.ts'
import { formatMoney } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow, ShippingDetails } from '../state/rows/checkout.ts'
import type { DeliveryEstimate } from '../state/rows/shipping.ts'
import { placeOf } from '../taxes/place.ts'
import { textOf, type Typed } from './card-form.ts'
import { html, type Html } from './html.ts'

const NAMES = new Intl.DisplayNames('en', { type: 'region' })

/** The fields of where and how an order is sent. */
export function shippingFields(account: Account, session: CheckoutSessionRow, typed: Typed = {}): Html {
  const { shipping_countries: countries, shipping_rates: rates = [] } = session
  return html`${countries && addressFields(session, countries, typed)}
  ${rates.length > 0 && rateFields(account, session, rates, typed)}`
}

function addressFields({ shipping_details: kept }: CheckoutSessionRow, countries: string[], typed: Typed): Html {
  const country = textOf(typed['shippingCountry']) || (kept?.address.country ?? countries[0])
  const field = (name: string, label: string, autocomplete: string, known: string | null, isRequired = false): Html =>
    html`<label for="${name}">${label}</label>
      <input
        id="${name}"
        name="${name}"
        autocomplete="shipping ${autocomplete}"
        value="${textOf(typed[name]) || (known ?? '')}"
        ${isRequired && html`required`}
      />`
  const { city = null, line1 = null, line2 = null, postal_code = null, state = null } = kept?.address ?? {}
  return html`<fieldset>
    <legend>Shipping address</legend>
    ${field('shippingName', 'Name', 'name', kept?.name ?? null, true)}
    <label for="shippingCountry">Country</label>
    <select id="shippingCountry" name="shippingCountry" autocomplete="shipping country">
      ${countries.map(
        (code) =>
          html`<option value="${code}" ${code === country && html`selected`}>${NAMES.of(code) ?? code}</option>`,
      )}
    </select>
    ${field('shippingLine1', 'Address', 'address-line1', line1, true)}
    ${field('shippingLine2', 'Apartment or suite (optional)', 'address-line2', line2)}
    <div class="row">
      <div>${field('shippingPostalCode', 'Postal code', 'postal-code', postal_code)}</div>
      <div>${field('shippingCity', 'City', 'address-level2', city, true)}</div>
    </div>
    ${field('shippingState', 'State or province', 'address-level1', state)}
  </fieldset>`
}

function rateFields(account: Account, session: CheckoutSessionRow, rates: string[], typed: Typed): Html {
  const currency = session.currency ?? 'usd'
  const chosen = textOf(typed['shippingRate']) || session.shipping_rate
  return html`<fieldset>
    <legend>Shipping method</legend>
    ${rates.map((id) => {
      const { delivery_estimate, display_name } = account.shippingRates.get(id)
      const { subtotal } = shippingAmounts(account, id, { currency })
      return html`<div class="option">
        <input id="${id}" type="radio" name="shippingRate" value="${id}" ${id === chosen && html`checked`} />
        <label for="${id}"
          >${display_name}${delivery_estimate && html`<br /><span class="muted">${estimateText(delivery_estimate)}</span>`}</label
        >
        <span>${subtotal === 0 ? 'Free' : formatMoney(subtotal, currency)}</span>
      </div>`
    })}
  </fieldset>`
}

/** How long shipping takes: `5 to 7 business days`, `at most 3 days`. */
function estimateText({ maximum, minimum }: DeliveryEstimate): string {
  const text = ({ unit, value }: NonNullable<DeliveryEstimate['minimum']>): string =>
    `${value} ${unit.replace('_', ' ')}${value === 1 ? '' : 's'}`
  if (minimum && maximum && minimum.unit === maximum.unit)
    return minimum.value === maximum.value ? text(maximum) : `${minimum.value} to ${text(maximum)}`
  if (minimum && maximum) return `${text(minimum)} to ${text(maximum)}`
  return minimum ? `at least ${text(minimum)}` : maximum ? `at most ${text(maximum)}` : ''
}

export interface EnteredShipping {
  readonly shipping_details?: ShippingDetails
  readonly shipping_rate?: string
}

/** What a customer entered into {@link shippingFields}. A text says what is wrong with it. */
export function readShippingFields(session: CheckoutSessionRow, form: Typed): EnteredShipping | string {
  const { automatic_tax, shipping_countries: countries, shipping_rates: rates = [] } = session
  const chosen = rates.find((id) => id === form['shippingRate'])
  const rate = chosen === undefined ? {} : { shipping_rate: chosen }
  if (!countries) return rate
  const text = (name: string): string | null => textOf(form[name]).trim().slice(0, 500) || null
  const country = text('shippingCountry')
  // The button of a test card also fills in an address.
  if (form['testCard'] !== undefined && text('shippingLine1') === null)
    return { ...rate, shipping_details: exampleIn(country ?? countries[0] ?? 'US') }
  if (country === null || !countries.includes(country)) return 'Please choose a country that we ship to.'
  const [name, line1, city] = [text('shippingName'), text('shippingLine1'), text('shippingCity')]
  if (name === null || line1 === null || city === null) return 'Please enter your shipping address.'
  const address = {
    city,
    country,
    line1,
    line2: text('shippingLine2'),
    postal_code: text('shippingPostalCode'),
    state: text('shippingState'),
  }
  if (automatic_tax && placeOf({ address, tax_ip_address: null }) === null)
    return country === 'US' ? 'Please enter a valid ZIP code.' : 'Please enter your state or province.'
  return { ...rate, shipping_details: { name, address } }
}

function exampleIn(country: string): ShippingDetails {
  const [city, postal_code, state] = country === 'US' ? ['San Francisco', '94103', 'CA'] : ['Ottawa', 'K1A 0B1', 'ON']
  const isKnown = country === 'US' || country === 'CA'
  return {
    name: 'Jenny Rosen',
    address: {
      city: isKnown ? city : 'Springfield',
      country,
      line1: '1 Main Street',
      line2: null,
      postal_code: isKnown ? postal_code : '10115',
      state: isKnown ? state : null,
    },
  }
}
