import { changeableFields } from '../portal/update-details.ts'
import type { Account } from '../state/account.ts'
import type { PortalConfigurationRow, PortalSessionRow } from '../state/rows/checkout.ts'
import { html, type Html } from './html.ts'
import { document } from './layout.ts'
import { merchantName } from './merchant.ts'

/** The form for what customers may change about themselves; null if they may change nothing. */
export function detailsPart(account: Account, session: PortalSessionRow): Html | null {
  const fields = changeableFields(account, session)
  const shown = [
    ...FIELDS.filter(({ of }) => fields.includes(of)),
    ...(fields.includes('address') ? ADDRESS_FIELDS : []),
  ]
  if (shown.length === 0) return null
  const { address, email, name, phone } = account.customers.get(session.customer)
  const values: Readonly<Record<string, string | null | undefined>> = {
    ...{ email, name, phone },
    ...{ city: address?.city, country: address?.country, line1: address?.line1 },
    ...{ postalCode: address?.postal_code, state: address?.state },
  }
  return html`<section class="panel" aria-labelledby="details-title">
    <h2 id="details-title">Billing information</h2>
    <form method="post" action="/p/session/${session.token}">
      ${shown.map(({ label, name: field }) => html`<label for="details-${field}">${label}</label><input id="details-${field}" name="${field}" value="${values[field] ?? ''}" />`)}
      <button name="action" value="update_details" class="plain">Save</button>
    </form>
  </section>`
}

const FIELDS = [
  { of: 'name', name: 'name', label: 'Name' },
  { of: 'email', name: 'email', label: 'Email' },
  { of: 'phone', name: 'phone', label: 'Phone' },
] as const
const ADDRESS_FIELDS = [
  { name: 'line1', label: 'Address' },
  { name: 'postalCode', label: 'Postal code' },
  { name: 'city', label: 'City' },
  { name: 'state', label: 'State' },
  { name: 'country', label: 'Country (two letters)' },
] as const

/** The page where customers log in to the portal with their email address. */
export function loginPage(account: Account, { headline, token }: PortalConfigurationRow): Html {
  return document(
    'Manage your billing',
    html`${merchantName(account.settings)}
      <h1>${headline ?? 'Manage your billing'}</h1>
      <form method="post" action="/p/login/${token}" class="panel">
        <label for="email">Email</label><input id="email" name="email" type="email" required />
        <button>Continue</button>
      </form>`,
    { merchant: account.settings },
  )
}
