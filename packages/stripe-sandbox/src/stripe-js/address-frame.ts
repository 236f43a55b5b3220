import { createHash } from 'node:crypto'
import { html, type Html } from '../pages/html.ts'
import { KNOWN_COUNTRIES } from '../taxes/rates.ts'
import { frameDocument } from './card-frame.ts'

/** JavaScript of an Address Element's frame. */
const SCRIPT = `
const form = document.querySelector('form')
const part = (name) => form.querySelector('[data-part=' + name + ']')
const place = (name) => form.querySelector('[data-place=' + name + ']')
const text = (name) => part(name).value.trim()
const tell = (message) => parent.postMessage({ stripeSandbox: true, ...message }, '*')
const STATES = ['AU', 'BR', 'CA', 'IN', 'US']
let options = {}

const needed = () => ['name', 'country', 'line1', 'city', 'postal', 'state'].filter((name) => name === 'country' || !place(name).hidden)
const found = () => ({
  complete: needed().every((name) => text(name) !== ''),
  empty: ['name', 'line1', 'line2', 'city', 'postal', 'state'].every((name) => text(name) === ''),
  isNewAddress: true,
  value: {
    name: text('name'),
    ...(!place('phone').hidden && { phone: text('phone') }),
    address: {
      line1: text('line1'), line2: text('line2') || null, city: text('city'),
      state: place('state').hidden ? '' : text('state'), postal_code: text('postal'), country: text('country'),
    },
  },
})
const changed = () => tell({ event: 'change', detail: found() })
let isFilledIn = false
function apply(given) {
  options = given
  const { address = {}, name, phone } = options.defaultValues ?? {}
  if (!isFilledIn) {
    isFilledIn = true
    if (options.allowedCountries)
      for (const each of [...part('country').options]) if (!options.allowedCountries.includes(each.value)) each.remove()
    const values = { name, phone, country: address.country, line1: address.line1, line2: address.line2, city: address.city, state: address.state, postal: address.postal_code }
    for (const [key, value] of Object.entries(values)) if (value) part(key).value = value
  }
  place('name').hidden = options.fields?.name === 'never'
  place('phone').hidden = options.fields?.phone !== 'always'
  place('state').hidden = !STATES.includes(text('country'))
  place('name').querySelector('label').textContent = options.display?.name === 'organization' ? 'Organization name' : 'Full name'
  for (const field of form.elements) field.disabled = options.disabled
}
const ACTS = {
  focus: () => part('name').focus(),
  blur: () => document.activeElement?.blur(),
  clear() {
    for (const name of ['name', 'line1', 'line2', 'city', 'postal', 'state', 'phone']) part(name).value = ''
    changed()
  },
}
addEventListener('message', ({ source, data }) => {
  if (source !== parent || !data?.stripeSandbox) return
  // Like Stripe's, Elements don't follow the system, but the app's theme.
  if (data.theme) document.documentElement.style.colorScheme = data.theme === 'night' ? 'dark' : ''
  if (data.options) {
    apply(data.options)
    if (data.first) {
      tell({ event: 'ready' })
      if (!found().empty) changed()
    }
  }
  ACTS[data.act]?.()
  if (data.act !== 'validate' && data.act !== 'value') return
  const missing = needed().find((name) => text(name) === '')
  const alert = form.querySelector('[role=alert]')
  alert.hidden = missing === undefined
  alert.textContent = missing === undefined ? '' : 'Your address is incomplete.'
  if (missing !== undefined && data.act === 'validate') part(missing).focus()
  tell({ answer: data.id, ...found(), ...(missing !== undefined && data.act === 'validate' && { error: { type: 'validation_error', code: 'incomplete_address', message: 'Your address is incomplete.' } }) })
})
form.addEventListener('input', () => {
  apply(options)
  changed()
})
form.addEventListener('submit', (event) => event.preventDefault())
addEventListener('focusin', () => tell({ event: 'focus' }))
addEventListener('focusout', () => tell({ event: 'blur' }))
addEventListener('keydown', (event) => event.key === 'Escape' && tell({ event: 'escape' }))
new ResizeObserver(() => tell({ height: Math.ceil(form.getBoundingClientRect().height) })).observe(form)
tell({ hello: true })
`

/** The only script that the frame may run, for its Content-Security-Policy. */
export const ADDRESS_FRAME_SCRIPT_HASH = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`

const NAMES = new Intl.DisplayNames('en', { type: 'region' })

/** The page in an Address Element's frame, with the names and ids of Stripe's. */
export function addressFrame(): Html {
  return frameDocument(
    'Address',
    html`<form autocomplete="on" novalidate>
      ${field('name', 'name', 'Full name', 'name')}
      <label for="Field-countryInput">Country or region</label>
      <select id="Field-countryInput" data-part="country" name="country" autocomplete="country">
        ${KNOWN_COUNTRIES.map((code) => html`<option value="${code}" ${code === 'US' && html`selected`}>${NAMES.of(code)}</option>`)}
      </select>
      ${field('line1', 'addressLine1', 'Address line 1', 'address-line1')}
      ${field('line2', 'addressLine2', 'Address line 2', 'address-line2')}
      <div class="row">
        ${field('city', 'locality', 'City', 'address-level2')}
        ${field('state', 'administrativeArea', 'State or province', 'address-level1')}
        ${field('postal', 'postalCode', 'Postal code', 'postal-code')}
      </div>
      ${field('phone', 'phone', 'Phone number', 'tel')}
      <p role="alert" hidden></p>
    </form>`,
    SCRIPT,
  )
}

function field(part: string, name: string, label: string, autocomplete: string): Html {
  return html`<div data-place="${part}">
    <label for="Field-${name}Input">${label}</label>
    <input id="Field-${name}Input" data-part="${part}" name="${name}" autocomplete="${autocomplete}" />
  </div>`
}
