import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let customer: string
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  const clock = await it.aClock('2026-01-15T00:00:00Z')
  customer = (await it.aCustomer({ clock: clock.id })).id
  price = (await it.aPrice({ amount: 3100 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const FAR = 9_007_199_254_740_991
const NEVER = { param: expect.any(String), message: 'This value must be less than or equal to 253402300799.' }
/** The first natural billing date, in a subscription from 15 January. */
const LATEST = at('2026-02-15T00:00:00Z')
const TOO_LATE = `billing_cycle_anchor cannot be later than next natural billing date (${LATEST}) for plan`
const TOO_LONG = 'The maximum number of trial period days is 730 (2 years).'
const TOO_MUCH = { code: 'amount_too_large', message: 'Amount must be no more than $9,999,999,999.99' }
const UNKNOWN = { param: 'currency', message: 'Invalid currency: zzz.' }
const CHECKOUT = { mode: 'subscription', success_url: 'https://shop.example/' }

/** A call with parameters of any type. `CUSTOMER` and `PRICE` stand for ids. */
async function call(path: string, params: object): Promise<Response> {
  const form = new URLSearchParams()
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) add(name === '' ? key : `${name}[${key}]`, inner)
    else form.append(name, String(value).replace('CUSTOMER', customer).replace('PRICE', price))
  }
  add('', params)
  const headers = { authorization: `Bearer ${it.sandbox.secretKey}` }
  return fetch(`${it.sandbox.url}/v1/${path.replace('CUSTOMER', customer)}`, { method: 'POST', headers, body: form })
}

const OWN = { customer: 'CUSTOMER', items: [{ price: 'PRICE' }] }
const BOUGHT = { ...CHECKOUT, customer: 'CUSTOMER', line_items: [{ price: 'PRICE', quantity: 1 }] }

describe('values out of range are refused, and change nothing', () => {
  // https://github.com/stripe/stripe-java/issues/454
  test.each([
    ['subscriptions', { ...OWN, billing_cycle_anchor: LATEST + 1 }, 'billing_cycle_anchor'],
    [
      'checkout/sessions',
      { ...BOUGHT, subscription_data: { billing_cycle_anchor: LATEST + 1 } },
      'subscription_data[billing_cycle_anchor]',
    ],
    [
      'invoices/create_preview',
      {
        customer: 'CUSTOMER',
        subscription_details: {
          items: [{ price: 'PRICE' }],
          billing_cycle_anchor: { type: 'timestamp', timestamp: LATEST + 1 },
        },
      },
      'subscription_details[billing_cycle_anchor][timestamp]',
    ],
  ])('an anchor after the first natural billing date: %s', async (path, params, param) => {
    const response = await call(path, params)
    expect([response.status, await response.json()]).toMatchObject([400, { error: { message: TOO_LATE, param } }])
  })
  test('the natural billing date itself is an anchor, and a trial moves it', async () => {
    expect((await call('subscriptions', { ...OWN, billing_cycle_anchor: LATEST })).status).toBe(200)
    const afterTrial = { trial_end: at('2026-03-01T00:00:00Z'), billing_cycle_anchor: at('2026-04-01T00:00:00Z') }
    expect((await call('subscriptions', { ...OWN, ...afterTrial })).status).toBe(200)
  })

  const TWO_YEARS_LATER = at('2028-02-01T00:00:00Z')
  test.each<[string, string, object, object]>([
    ['a trial of more than two years', 'subscriptions', { ...OWN, trial_end: TWO_YEARS_LATER }, { message: TOO_LONG }],
    [
      'the same in checkout',
      'checkout/sessions',
      { ...BOUGHT, subscription_data: { trial_end: TWO_YEARS_LATER } },
      { message: TOO_LONG },
    ],
    ['a time after the year 9999', 'subscriptions', { ...OWN, cancel_at: FAR }, NEVER],
    [
      'the same of an invoice',
      'invoices',
      { customer: 'CUSTOMER', collection_method: 'send_invoice', due_date: FAR },
      NEVER,
    ],
    ['the same of a coupon', 'coupons', { percent_off: 10, redeem_by: FAR }, NEVER],
    [
      'days to pay that end after it',
      'invoices',
      { customer: 'CUSTOMER', collection_method: 'send_invoice', days_until_due: FAR },
      { param: 'days_until_due' },
    ],
    [
      'a quantity that costs too much',
      'subscriptions',
      { customer: 'CUSTOMER', items: [{ price: 'PRICE', quantity: 99_999_999_999 }] },
      TOO_MUCH,
    ],
    [
      'an amount of more than twelve digits',
      'invoiceitems',
      { customer: 'CUSTOMER', amount: FAR, currency: 'usd' },
      TOO_MUCH,
    ],
    [
      'units that cost too much',
      'invoiceitems',
      { customer: 'CUSTOMER', unit_amount_decimal: 99_999_999, quantity: FAR, currency: 'usd' },
      TOO_MUCH,
    ],
    [
      'a balance of more',
      'customers/CUSTOMER/balance_transactions',
      { amount: FAR, currency: 'usd' },
      { param: 'amount' },
    ],
    [
      'a script as an address',
      'billing_portal/sessions',
      { customer: 'CUSTOMER', return_url: 'javascript:alert(1)' },
      { code: 'url_invalid', param: 'return_url' },
    ],
    [
      'a phase that ends after it',
      'subscription_schedules',
      {
        customer: 'CUSTOMER',
        start_date: 'now',
        phases: [{ items: [{ price: 'PRICE' }], duration: { interval: 'month', interval_count: 999_999_999 } }],
      },
      { param: 'phases[0][duration][interval_count]' },
    ],
    [
      'a currency that does not exist',
      'payment_intents',
      { amount: 500, currency: 'usd1' },
      { param: 'currency', message: 'Invalid currency: usd1.' },
    ],
    ['the same of an invoice item', 'invoiceitems', { customer: 'CUSTOMER', amount: 500, currency: 'zzz' }, UNKNOWN],
    ['the same of an invoice', 'invoices', { customer: 'CUSTOMER', currency: 'zzz' }, UNKNOWN],
    ['the same of a subscription', 'subscriptions', { ...OWN, currency: 'zzz' }, UNKNOWN],
    [
      'the same of a promotion code',
      'promotion_codes',
      {
        promotion: { type: 'coupon', coupon: 'none' },
        restrictions: { minimum_amount: 5, minimum_amount_currency: 'zzz' },
      },
      { ...UNKNOWN, param: 'restrictions[minimum_amount_currency]' },
    ],
    [
      'the same of an option of a coupon',
      'coupons',
      { amount_off: 500, currency: 'usd', duration: 'once', currency_options: { zzz: { amount_off: 400 } } },
      { ...UNKNOWN, param: 'currency_options[zzz]' },
    ],
    [
      'a country that does not exist',
      'checkout/sessions',
      { ...BOUGHT, shipping_address_collection: { allowed_countries: ['QQ'] } },
      { param: 'shipping_address_collection[allowed_countries][0]' },
    ],
    [
      'a language that Stripe does not have',
      'billing_portal/sessions',
      { customer: 'CUSTOMER', locale: 'xx' },
      { param: 'locale' },
    ],
    [
      'a list in what is only shown',
      'checkout/sessions',
      { ...BOUGHT, mode: 'payment', payment_intent_data: { shipping: { name: ['x'] } } },
      { param: 'payment_intent_data[shipping][name]' },
    ],
    [
      'an email without an @',
      'customers',
      { email: 'ada' },
      { code: 'email_invalid', message: 'Invalid email address: ada' },
    ],
    [
      'a list as a name',
      'payment_intents',
      { amount: 500, currency: 'usd', shipping: { name: ['x'] } },
      { param: 'shipping[name]' },
    ],
  ])('%s', async (_what, path, params, error) => {
    const before = it.sandbox.eventTypes()
    const response = await call(path, params)
    expect([response.status, await response.json()]).toMatchObject([400, { error }])
    expect(it.sandbox.eventTypes()).toEqual(before)
  })
})

test('a payment intent shows where it is shipped to', async () => {
  const shipping = { name: 'Ada', address: { line1: '1 Main St', country: 'US' } }
  const { id } = await it.stripe.paymentIntents.create({ amount: 500, currency: 'usd', shipping })
  expect(await it.stripe.paymentIntents.retrieve(id)).toMatchObject({ shipping })
})
