import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { STRIPE_JS_NAMES } from '../stripe-js-names.ts'
import { idOf, TestSandbox } from '../test-sandbox.ts'
import { startEndpoint } from '../webhook-receiver.ts'
import { ClientFolder } from './client-folder.ts'

/** @see https://docs.stripe.com/sdks/stripejs-react */
const PACKAGES = {
  '@stripe/react-stripe-js': '7.0.1',
  '@stripe/stripe-js': '10.2.1',
  react: '19.3.1',
  'react-dom': '19.3.1',
}

const IMPORTS = `import { createElement as h, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { loadStripe } from '@stripe/stripe-js'
const stripe = loadStripe('pk_test_sandbox')
const show = (element) => createRoot(document.querySelector('#root')).render(element)
`

const started = new AsyncDisposableStack()
let folder: ClientFolder
let it: TestSandbox
let app: Awaited<ReturnType<typeof startEndpoint>>
let chromium: Awaited<ReturnType<typeof startChromium>>
let script = ''

beforeAll(async () => {
  folder = started.use(ClientFolder.install(PACKAGES))
  it = started.use(await TestSandbox.start())
  chromium = await startChromium()
  started.defer(() => chromium.close())
  app = started.use(
    await startEndpoint((response) => {
      response.setHeader('content-type', 'text/html')
      response.end(
        `<!doctype html><title>Shop</title><div id="root"></div><script src="${it.sandbox.url}/v3/"></script><script type="module">${script}</script>`,
      )
    }),
  )
})
afterAll(() => started.disposeAsync())

/** Bundles an app that uses the official packages, and opens it. */
async function openApp(source: string) {
  const input = join(folder.path, 'app.mjs')
  writeFileSync(input, IMPORTS + source)
  const bundle = await rolldown({
    input,
    platform: 'browser',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  })
  const { output } = await bundle.generate({ format: 'esm', minify: false })
  await bundle.close()
  script = output[0].code.replaceAll('</script', '<\\/script')
  const tab = await (await chromium.newContext()).newPage()
  tab.setDefaultTimeout(20_000)
  await tab.goto(app.url)
  return tab
}
type Tab = Awaited<ReturnType<typeof openApp>>

async function fillIn(tab: Tab, number: string): Promise<void> {
  const frame = tab.frameLocator('iframe[title="Secure payment input frame"]')
  const fields = { number, expiry: '12 / 34', cvc: '123', postalCode: '94103' }
  for (const [name, text] of Object.entries(fields)) await frame.locator(`#Field-${name}Input`).fill(text)
}

test('the names that the stand-in is compared with are those of the package', () => {
  const read = (file: string) =>
    readFileSync(join(folder.path, `node_modules/@stripe/stripe-js/dist/stripe-js/${file}.d.ts`), 'utf8')
  const within = (text: string, start: string, end: string) => text.split(start)[1]?.split(end)[0] ?? ''
  const names = (text: string, pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted()
  const checkout = read('checkout')
  expect({
    functions: names(within(read('stripe'), 'export interface Stripe {', '\n}'), /^ {2}(\w+)\(/gm),
    elements: names(within(read('elements-group'), 'export type StripeElementType =', ';'), /'(\w+)'/g),
    checkout: names(within(checkout, 'export interface StripeCheckoutElementsSdk {', '\n}'), /^ {2}(\w+)[(:]/gm),
    actions: names(within(checkout, 'export type StripeCheckoutLoadActionsSuccess = {', '\n}'), /^ {2}(\w+):/gm),
  }).toEqual(STRIPE_JS_NAMES)
})

test('CheckoutElementsProvider shows a session, and pays it', async () => {
  const { id: price } = await it.aPrice()
  const session = await it.stripe.checkout.sessions.create({
    ...{ mode: 'subscription', ui_mode: 'elements', line_items: [{ price, quantity: 1 }] },
    customer_email: 'ada@example.com',
    return_url: `${app.url}?paid={CHECKOUT_SESSION_ID}`,
  })
  const tab =
    await openApp(`import { CheckoutElementsProvider, PaymentElement, useCheckoutElements } from '@stripe/react-stripe-js/checkout'
function Pay() {
  const [said, say] = useState('')
  const state = useCheckoutElements()
  if (state.type !== 'success') return h('p', null, state.type === 'error' ? state.error.message : 'Loading')
  const { checkout } = state
  const pay = async () => {
    const result = await checkout.confirm()
    if (result.type === 'error') say(result.error.message)
  }
  return h('form', { onSubmit: (event) => (event.preventDefault(), pay()) },
    h('p', null, 'Total ' + checkout.total.total.amount), h(PaymentElement),
    h('button', { disabled: !checkout.canConfirm }, 'Pay'), h('p', { role: 'status' }, said))
}
show(h(CheckoutElementsProvider, { stripe, options: { clientSecret: '${session.client_secret}' } }, h(Pay)))`)
  await tab.getByText('Total $10.00').waitFor()
  await fillIn(tab, '4000 0000 0000 0002')
  await tab.getByRole('button', { name: 'Pay' }).click()
  await tab.getByText('Your card was declined.').waitFor()
  await fillIn(tab, '4242 4242 4242 4242')
  await tab.getByRole('button', { name: 'Pay' }).click()
  await tab.waitForURL(`${app.url}?paid=${session.id}`)
  const { status, subscription } = await it.stripe.checkout.sessions.retrieve(session.id)
  expect(status).toBe('complete')
  expect(await it.stripe.subscriptions.retrieve(idOf(subscription))).toMatchObject({ status: 'active' })
})

test('Elements make a confirmation token with an address, and the server confirms a payment with it', async () => {
  const tab =
    await openApp(`import { AddressElement, Elements, PaymentElement, useElements, useStripe } from '@stripe/react-stripe-js'
function Pay() {
  const [said, say] = useState('')
  const [stripe, elements] = [useStripe(), useElements()]
  const pay = async () => {
    const { error } = await elements.submit()
    if (error) return say(error.message)
    const result = await stripe.createConfirmationToken({ elements, params: { return_url: location.href } })
    say(result.confirmationToken?.id ?? result.error.message)
  }
  return h('form', { onSubmit: (event) => (event.preventDefault(), pay()) },
    h(PaymentElement), h(AddressElement, { options: { mode: 'shipping', allowedCountries: ['FR', 'DE'] } }),
    h('button', null, 'Pay'), h('p', { role: 'status' }, said))
}
show(h(Elements, { stripe, options: { mode: 'payment', amount: 4200, currency: 'eur' } }, h(Pay)))`)
  await fillIn(tab, '5555 5555 5555 4444')
  await tab.getByRole('button', { name: 'Pay' }).click()
  await tab.getByRole('status').getByText('Your address is incomplete.').waitFor()
  const address = tab.frameLocator('iframe[title="Secure address input frame"]')
  await address.locator('#Field-countryInput').selectOption('FR')
  const typed = { name: 'Ada', addressLine1: '1 Rue de Rivoli', locality: 'Paris', postalCode: '75001' }
  for (const [name, text] of Object.entries(typed)) await address.locator(`#Field-${name}Input`).fill(text)
  await tab.getByRole('button', { name: 'Pay' }).click()
  await tab.getByRole('status').getByText('ctoken_').waitFor()
  const token = await tab.getByRole('status').innerText()
  const terms = { amount: 4200, currency: 'eur', confirm: true, confirmation_token: token }
  expect(await it.stripe.paymentIntents.create(terms)).toMatchObject({
    status: 'succeeded',
    shipping: { name: 'Ada', address: { line1: '1 Rue de Rivoli', country: 'FR', state: null } },
  })
})
