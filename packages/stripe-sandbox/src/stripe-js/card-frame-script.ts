import { SAVED_CARDS } from './saved-cards.ts'

/**
 * JavaScript of an Element's frame. The app's page asks it to validate the fields or to create a payment method; what
 * was typed never leaves the frame otherwise.
 */
export const CARD_FRAME_SCRIPT = `
const form = document.querySelector('form')
const { kind } = form.dataset
const isPayment = kind === 'payment'
const OWN = { cardNumber: ['number'], cardExpiry: ['expiry'], cardCvc: ['cvc'] }[kind] ?? ['number', 'expiry', 'cvc', 'postal']
const isWhole = OWN.length > 1
let siblings = []
const inForm = (name) => form.querySelector('[data-part=' + name + ']')
/** A card's number, date and code may be in frames of their own. These may read each other, which the app's page may not. */
function part(name) {
  const own = inForm(name)
  if (own || isWhole) return own
  for (let at = 0; at < parent.length; at += 1) {
    try {
      const found = siblings.includes(parent[at].name) && parent[at].document.querySelector('[data-part=' + name + ']')
      if (found) return found
    } catch {
      // A frame of another site.
    }
  }
  return null
}
const place = (name) => form.querySelector('[data-place=' + name + ']')
const text = (name) => part(name)?.value.trim() ?? ''
const digits = () => text('number').replace(/\\D/g, '')
const tell = (message) => parent.postMessage({ stripeSandbox: true, ...message }, '*')
let key = ''
let options = {}

const BRANDS = [['amex', /^3[47]/], ['diners', /^3[068]/], ['discover', /^6(?!2)/], ['jcb', /^35/], ['mastercard', /^(5[1-5]|2[2-7])/], ['unionpay', /^62/], ['visa', /^4/]]
const brand = () => BRANDS.find(([, start]) => start.test(digits()))?.[0] ?? 'unknown'
const isRight = (number) =>
  [...number].reverse().reduce((sum, each, at) => sum + (at % 2 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][each] : Number(each)), 0) % 10 === 0
const expiry = () => {
  const [, month, year] = /^(\\d{1,2})\\s*\\/?\\s*(\\d{4}|\\d{2})$/.exec(text('expiry')) ?? []
  return { month: Number(month), year: Number(year?.length === 2 ? '20' + year : year) }
}
const needsPostal = () => (isPayment ? !place('postal').hidden : Boolean(inForm('postal') && !inForm('postal').hidden))

const wrong = (code, message) => ({ type: 'validation_error', code, message })
const PROBLEMS = {
  number() {
    const number = digits()
    if (number.length < ({ amex: 15, diners: 14 }[brand()] ?? 16)) return wrong('incomplete_number', 'Your card number is incomplete.')
    return isRight(number) ? null : wrong('invalid_number', 'Your card number is invalid.')
  },
  expiry() {
    const { month, year } = expiry()
    if (!(month >= 1 && month <= 12)) return wrong('incomplete_expiry', "Your card's expiration date is incomplete.")
    const now = new Date()
    if (year < now.getFullYear()) return wrong('invalid_expiry_year_past', "Your card's expiration year is in the past.")
    if (year === now.getFullYear() && month < now.getMonth() + 1)
      return wrong('invalid_expiry_month_past', "Your card's expiration date is in the past.")
    return null
  },
  cvc() {
    const isMissing = part('cvc') === null
    return isMissing || /^\\d{3,4}$/.test(text('cvc')) ? null : wrong('incomplete_cvc', "Your card's security code is incomplete.")
  },
  postal() {
    if (!needsPostal() || text('postal').length >= (isPayment ? 5 : 3)) return null
    return wrong('incomplete_zip', 'Your postal code is incomplete.')
  },
}
/** What is wrong with these fields: the first problem, in Stripe's words. */
function problem(names) {
  if (chosen()) return null
  for (const name of names) {
    const found = PROBLEMS[name]()
    if (found) return found
  }
  return null
}

${SAVED_CARDS}
function show(error) {
  const alert = form.querySelector('[role=alert]')
  if (!alert) return
  alert.hidden = !error
  alert.textContent = error?.message ?? ''
}

function changed() {
  const method = chosen()
  const found = problem(OWN)
  const empty = !method && ['number', 'expiry', 'cvc'].every((name) => (inForm(name)?.value.trim() ?? '') === '')
  const error = found && !found.code.startsWith('incomplete_') ? found : undefined
  if (!found) show(null)
  const more = isPayment
    ? { value: { type: 'card', ...(method && { payment_method: { id: method.id, type: 'card', billing_details: method.billing_details } }) } }
    : { error, ...(inForm('number') && { brand: brand() }), ...(kind === 'card' && { value: { postalCode: text('postal') } }) }
  tell({ event: 'change', detail: { complete: !found, empty, ...more } })
}

function apply(given) {
  options = given
  const { address = {} } = options.defaultValues?.billingDetails ?? {}
  const hides = (name) => {
    const fields = options.fields?.billingDetails
    return fields === 'never' || fields?.address === 'never' || fields?.address?.[name] === 'never'
  }
  const postal = options.value?.postalCode ?? address.postal_code
  if (postal && inForm('postal')?.value === '') inForm('postal').value = postal
  if (isPayment) {
    place('new').hidden = chosen() !== undefined
    if (address.country) part('country').value = address.country
    place('country').hidden = hides('country')
    place('postal').hidden = hides('postalCode') || part('country').value !== 'US'
  } else if (kind === 'card') part('postal').hidden = Boolean(options.hidePostalCode)
  for (const field of form.elements) field.disabled = options.disabled
}

function billingDetails(given = {}) {
  const { name, email, phone, address = {} } = { ...options.defaultValues?.billingDetails, ...given }
  const typed = {
    ...(isPayment && !place('country').hidden && { country: part('country').value }),
    ...(needsPostal() && { postal_code: text('postal') }),
  }
  return { name, email, phone, address: { ...address, ...typed, ...given.address } }
}

function put(body, name, value) {
  if (value === undefined || value === null) return
  if (typeof value !== 'object') body.append(name, String(value))
  else for (const [inner, each] of Object.entries(value)) put(body, name + '[' + inner + ']', each)
}

async function post(path, params) {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) put(body, name, value)
  try {
    const response = await fetch('/v1/' + path + '?key=' + encodeURIComponent(key), {
      ...{ method: 'POST', body, signal: AbortSignal.timeout(60_000) },
    })
    return await response.json()
  } catch {
    return { error: { type: 'api_connection_error', message: 'The Stripe sandbox does not answer. Is it running?' } }
  }
}

const theCard = () => {
  const { month, year } = expiry()
  return { number: digits(), exp_month: month, exp_year: year, cvc: text('cvc') || undefined }
}

const MAKE = {
  validate: () => ({}),
  async create({ billing_details }) {
    const method = chosen()
    if (method) return { paymentMethod: method }
    const features = saved?.features
    const isKept = features?.payment_method_save === 'enabled' && part('save').checked
    const made = await post('payment_methods', {
      ...{ type: 'card', card: theCard(), billing_details: billingDetails(billing_details) },
      ...(features && { allow_redisplay: isKept ? 'always' : 'limited' }),
    })
    if (made.error) return made
    return { paymentMethod: made, ...(isKept && { usage: features.payment_method_save_usage }) }
  },
  async token({ details }) {
    const postal = needsPostal() ? { address_zip: text('postal') } : {}
    const made = await post('tokens', { card: { ...theCard(), ...postal, ...details } })
    return made.error ? made : { token: made }
  },
}

const ACTS = {
  focus: () => (form.querySelector('[name=saved]:checked') ?? inForm(OWN[0])).focus(),
  blur: () => document.activeElement?.blur(),
  clear() {
    for (const name of OWN) inForm(name).value = ''
    changed()
  },
}

addEventListener('message', async ({ source, data }) => {
  if (source !== parent || !data?.stripeSandbox) return
  key = data.key
  // Like Stripe's, Elements don't follow the system, but the app's theme.
  if (data.theme) document.documentElement.style.colorScheme = data.theme === 'night' ? 'dark' : ''
  if (data.saved && isPayment) {
    saved = data.saved
    showSaved()
  }
  if (data.options) {
    apply(data.options)
    if (data.first) {
      tell({ event: 'ready' })
      if (chosen()) changed()
    }
  }
  ACTS[data.act]?.()
  if (!MAKE[data.act]) return
  siblings = data.siblings ?? []
  const error = problem(['number', 'expiry', 'cvc', 'postal'])
  show(error)
  tell({ answer: data.id, ...(error ? { error } : await MAKE[data.act](data)) })
})
form.addEventListener('input', ({ target }) => {
  if (target === inForm('test') && target.value) {
    part('number').value = target.value
    part('expiry').value = '12 / ' + String(new Date().getFullYear() + 5).slice(2)
    part('cvc').value = '123'
    if (needsPostal()) part('postal').value = '12345'
  }
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
