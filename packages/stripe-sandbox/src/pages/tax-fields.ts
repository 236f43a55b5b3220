import { asksForAddress } from '../checkout/session-taxes.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import type { Address } from '../state/rows/customer.ts'
import { placeOf } from '../taxes/place.ts'
import { isInEu, KNOWN_COUNTRIES } from '../taxes/rates.ts'
import { hasFormat } from '../taxes/tax-ids.ts'
import { textOf, type Typed } from './card-form.ts'
import { html, type Html } from './html.ts'

const NAMES = new Intl.DisplayNames('en', { type: 'region' })

/** The fields of a checkout page that taxes depend on: the address, and a number of a business. */
export function taxFields(session: CheckoutSessionRow, typed: Typed = {}): Html {
  const { address, tax_ids = [] } = session.customer_details ?? {}
  const country = textOf(typed['country']) || (address?.country ?? 'US')
  const value = (name: 'postal_code' | 'state', field: string): Html =>
    html`value="${textOf(typed[field]) || (address?.[name] ?? '')}"`
  return html`${
    asksForAddress(session) &&
    html`<label for="country">Country</label>
      <select id="country" name="country" autocomplete="country">
        ${KNOWN_COUNTRIES.map(
          (code) => html`<option value="${code}" ${code === country && html`selected`}>${NAMES.of(code)}</option>`,
        )}
      </select>
      <div class="row">
        <div>
          <label for="postalCode">Postal code</label>
          <input id="postalCode" name="postalCode" autocomplete="postal-code" ${value('postal_code', 'postalCode')} />
        </div>
        <div>
          <label for="state">State or province</label>
          <input id="state" name="state" autocomplete="address-level1" ${value('state', 'state')} />
        </div>
      </div>`
  }
  ${
    session.tax_id_collection?.enabled &&
    html`<label for="taxId">VAT or tax number (for businesses)</label>
      <input
        id="taxId"
        name="taxId"
        autocomplete="off"
        value="${textOf(typed['taxId']) || (tax_ids[0]?.value ?? '')}"
      />`
  }`
}

export interface Entered {
  readonly address?: Address
  readonly tax_ids?: { type: string; value: string }[]
}

/** What a customer entered into {@link taxFields}. A text says what is wrong with it. */
export function readTaxFields(account: Account, session: CheckoutSessionRow, form: Typed): Entered | string {
  const text = (name: string): string | null => textOf(form[name]).trim() || null
  const address = asksForAddress(session) ? addressIn(text) : undefined
  if (address && placeOf({ address }) === null)
    return address.country === 'US' ? 'Please enter a valid ZIP code.' : 'Please enter your state or province.'
  const value = session.tax_id_collection?.enabled ? text('taxId') : null
  if (value === null) return address ? { address } : {}
  const own = session.customer === null ? null : account.customers.get(session.customer).address
  // The page shows a number that the customer already has. It may be from another country than their address.
  const present = session.customer === null ? [] : account.taxIds.by('customer', session.customer)
  const known = present.find((each) => each.value === value)
  if (known) return { ...(address && { address }), tax_ids: [{ type: known.type, value }] }
  const type = typeOf((address ?? own)?.country ?? value.slice(0, 2).toUpperCase())
  if (!hasFormat(type, value)) return 'Please enter a valid VAT or tax number.'
  return { ...(address && { address }), tax_ids: [{ type, value }] }
}

function addressIn(text: (name: string) => string | null): Address {
  return {
    city: null,
    country: text('country'),
    line1: null,
    line2: null,
    postal_code: text('postalCode'),
    state: text('state'),
  }
}

/** The type of a business's number in a country. */
function typeOf(country: string): string {
  if (isInEu(country) || country === 'EL') return 'eu_vat'
  return TYPES[country] ?? `${country.toLowerCase()}_vat`
}

const TYPES: Readonly<Record<string, string>> = {
  AU: 'au_abn',
  CA: 'ca_gst_hst',
  IN: 'in_gst',
  JP: 'jp_trn',
  NZ: 'nz_gst',
  SG: 'sg_gst',
  US: 'us_ein',
}
