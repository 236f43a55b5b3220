/**
 * JavaScript of an Element's frame. The app's page asks it to validate the fields or to create a payment method; what
 * was typed never leaves the frame otherwise.
 */
export const CARD_FRAME_SCRIPT = `
const form = document.querySelector('form')
const isPayment = form.dataset.kind === 'payment'
const part = (name) => form.querySelector('[data-part=' + name + ']')
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
const needsPostal = () => {
  if (isPayment) return !place('postal').hidden
  return !part('postal').hidden
}

/** What is wrong with the fields: the first problem, in Stripe's words. */
function problem() {
  const wrong = (code, message) => ({ type: 'validation_error', code, message })
  const number = digits()
  if (number.length < ({ amex: 15, diners: 14 }[brand()] ?? 16)) return wrong('incomplete_number', 'Your card number is incomplete.')
  if (!isRight(number)) return wrong('invalid_number', 'Your card number is invalid.')
  const { month, year } = expiry()
  if (!(month >= 1 && month <= 12)) return wrong('incomplete_expiry', "Your card's expiration date is incomplete.")
  const now = new Date()
  if (year < now.getFullYear()) return wrong('invalid_expiry_year_past', "Your card's expiration year is in the past.")
  if (year === now.getFullYear() && month < now.getMonth() + 1)
    return wrong('invalid_expiry_month_past', "Your card's expiration date is in the past.")
  if (!/^\\d{3,4}$/.test(text('cvc'))) return wrong('incomplete_cvc', "Your card's security code is incomplete.")
  if (needsPostal() && text('postal').length < (isPayment ? 5 : 3)) return wrong('incomplete_zip', 'Your postal code is incomplete.')
  return null
}

function show(error) {
  const alert = form.querySelector('[role=alert]')
  if (!alert) return
  alert.hidden = !error
  alert.textContent = error?.message ?? ''
}

function changed() {
  const found = problem()
  const empty = ['number', 'expiry', 'cvc'].every((name) => text(name) === '')
  const error = found && !found.code.startsWith('incomplete_') ? found : undefined
  if (!found) show(null)
  const more = isPayment ? { value: { type: 'card' } } : { brand: brand(), error, value: { postalCode: text('postal') } }
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
  if (postal && !part('postal').value) part('postal').value = postal
  if (isPayment) {
    if (address.country) part('country').value = address.country
    place('country').hidden = hides('country')
    place('postal').hidden = hides('postalCode') || part('country').value !== 'US'
  } else part('postal').hidden = Boolean(options.hidePostalCode)
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

async function create(given) {
  const { month, year } = expiry()
  const body = new URLSearchParams()
  put(body, 'type', 'card')
  put(body, 'card', { number: digits(), exp_month: month, exp_year: year, cvc: text('cvc') })
  put(body, 'billing_details', billingDetails(given))
  try {
    const response = await fetch('/v1/payment_methods?key=' + encodeURIComponent(key), {
      ...{ method: 'POST', body, signal: AbortSignal.timeout(60_000) },
    })
    const answer = await response.json()
    return answer.error ? { error: answer.error } : { paymentMethod: answer }
  } catch {
    return { error: { type: 'api_connection_error', message: 'The Stripe sandbox does not answer. Is it running?' } }
  }
}

const ACTS = {
  focus: () => part('number').focus(),
  blur: () => document.activeElement?.blur(),
  clear() {
    for (const name of ['number', 'expiry', 'cvc', 'postal']) part(name).value = ''
    changed()
  },
}

addEventListener('message', async ({ source, data }) => {
  if (source !== parent || !data?.stripeSandbox) return
  key = data.key
  // Like Stripe's, Elements don't follow the system, but the app's theme.
  if (data.theme === 'night') document.documentElement.style.colorScheme = 'dark'
  if (data.options) {
    apply(data.options)
    if (data.first) tell({ event: 'ready' })
  }
  ACTS[data.act]?.()
  if (data.act !== 'validate' && data.act !== 'create') return
  const error = problem()
  show(error)
  tell({ answer: data.id, ...(error ? { error } : data.act === 'create' && (await create(data.billing_details))) })
})
form.addEventListener('input', ({ target }) => {
  if (target === part('test') && target.value) {
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
