import { createHash } from 'node:crypto'
import { html, type Html } from '../pages/html.ts'
import { frameDocument } from './card-frame.ts'

/** JavaScript of a frame with an email address, or with a tax ID. */
const SCRIPT = `
const form = document.querySelector('form')
const isEmail = form.dataset.kind === 'email'
const part = (name) => form.querySelector('[data-part=' + name + ']')
const text = (name) => part(name)?.value.trim() ?? ''
const tell = (message) => parent.postMessage({ stripeSandbox: true, ...message }, '*')
const names = isEmail ? ['email'] : ['businessName', 'taxId']
let options = {}

/** What is wrong: the first problem, in Stripe's words. */
function problem() {
  const wrong = (code, message) => ({ type: 'validation_error', code, message })
  if (isEmail) {
    if (text('email') === '') return wrong('email_incomplete', 'Your email is incomplete.')
    return /^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$/.test(text('email')) ? null : wrong('email_invalid', 'Your email is invalid.')
  }
  const needs = options.validation ?? {}
  const isBusiness = text('taxId') !== ''
  if (needs.taxId?.required === 'always' && !isBusiness) return wrong('incomplete_tax_id', 'Your tax ID is incomplete.')
  if (part('businessName').parentElement.hidden || needs.businessName?.required === 'never') return null
  if ((isBusiness || needs.businessName?.required === 'always') && text('businessName') === '')
    return wrong('incomplete_business_name', 'Your business name is incomplete.')
  return null
}
const found = () => {
  const empty = names.every((name) => text(name) === '')
  const complete = !problem() && (isEmail || text('taxId') !== '')
  if (isEmail) return { complete, empty, value: { email: text('email') } }
  const type = text('taxIdType')
  return {
    ...{ complete, empty, visible: true },
    value: { businessName: text('businessName'), taxId: text('taxId'), taxIdType: type, externalTaxIdType: type },
  }
}
let isFilledIn = false
function apply(given) {
  options = given
  if (!isFilledIn) {
    isFilledIn = true
    for (const [name, value] of Object.entries(options.defaultValues ?? {})) if (value && part(name)) part(name).value = value
  }
  if (!isEmail) part('businessName').parentElement.hidden = options.fields?.businessName === 'never'
  for (const field of form.elements) field.disabled = options.disabled
}
const ACTS = {
  focus: () => part(names[0]).focus(),
  blur: () => document.activeElement?.blur(),
  clear() {
    for (const name of names) part(name).value = ''
    tell({ event: 'change', detail: found() })
  },
}
addEventListener('message', ({ source, data }) => {
  if (source !== parent || !data?.stripeSandbox) return
  if (data.theme) document.documentElement.style.colorScheme = data.theme === 'night' ? 'dark' : ''
  if (data.options) {
    apply(data.options)
    if (data.first) {
      tell({ event: 'ready' })
      if (!found().empty) tell({ event: 'change', detail: found() })
    }
  }
  ACTS[data.act]?.()
  if (data.act !== 'validate' && data.act !== 'value') return
  const error = data.act === 'validate' ? problem() : null
  const alert = form.querySelector('[role=alert]')
  alert.hidden = !error
  alert.textContent = error?.message ?? ''
  tell({ answer: data.id, ...found(), ...(error && { error }) })
})
form.addEventListener('input', () => {
  if (!problem()) form.querySelector('[role=alert]').hidden = true
  tell({ event: 'change', detail: found() })
})
form.addEventListener('submit', (event) => event.preventDefault())
addEventListener('focusin', () => tell({ event: 'focus' }))
addEventListener('focusout', () => tell({ event: 'blur' }))
addEventListener('keydown', (event) => event.key === 'Escape' && tell({ event: 'escape' }))
new ResizeObserver(() => tell({ height: Math.ceil(form.getBoundingClientRect().height) })).observe(form)
tell({ hello: true })
`

/** The only script that the frame may run, for its Content-Security-Policy. */
export const CONTACT_FRAME_SCRIPT_HASH = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`

const TAX_ID_TYPES = {
  ...{ eu_vat: 'VAT number, European Union', gb_vat: 'VAT number, United Kingdom', ch_vat: 'VAT number, Switzerland' },
  ...{ no_vat: 'VAT number, Norway', us_ein: 'EIN, United States', ca_gst_hst: 'GST/HST number, Canada' },
  ...{
    au_abn: 'ABN, Australia',
    in_gst: 'GST number, India',
    jp_trn: 'Tax number, Japan',
    nz_gst: 'GST number, New Zealand',
  },
  sg_gst: 'GST number, Singapore',
}

/** The page in the frame of a Link Authentication Element, a Contact Details Element or a Tax ID Element. */
export function contactFrame(kind: 'email' | 'taxId'): Html {
  const title = kind === 'email' ? 'Email' : 'Tax ID'
  return frameDocument(
    title,
    html`<form data-kind="${kind}" autocomplete="on" novalidate>
      ${kind === 'email' ? email() : taxId()}
      <p role="alert" hidden></p>
    </form>`,
    SCRIPT,
  )
}

function email(): Html {
  return html`<label for="Field-emailInput">Email</label>
    <input
      id="Field-emailInput"
      data-part="email"
      name="email"
      type="email"
      autocomplete="email"
      placeholder="you@example.com"
    />`
}

function taxId(): Html {
  return html`<div>
      <label for="Field-businessNameInput">Business name</label>
      <input id="Field-businessNameInput" data-part="businessName" name="businessName" autocomplete="organization" />
    </div>
    <div class="row">
      <div>
        <label for="Field-taxIdTypeInput">Kind of tax ID</label>
        <select id="Field-taxIdTypeInput" data-part="taxIdType" name="taxIdType">
          ${Object.entries(TAX_ID_TYPES).map(([type, name]) => html`<option value="${type}">${name}</option>`)}
        </select>
      </div>
      <div>
        <label for="Field-taxIdInput">Tax ID</label>
        <input id="Field-taxIdInput" data-part="taxId" name="taxId" autocomplete="off" />
      </div>
    </div>`
}
