import { takePicture } from '@tollgate/test-browser/picture'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Page } from 'playwright-core'
import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALL_FEATURES, fillIn, said, StripeJsApp } from './stripe-js-app.ts'
import { TestSandbox } from './test-sandbox.ts'

const started = new AsyncDisposableStack()
let it: TestSandbox
let app: StripeJsApp
let openApp: (script: string) => Promise<Page>

beforeAll(async () => {
  const chromium = await startChromium()
  started.defer(() => chromium.close())
  it = started.use(await TestSandbox.start())
  app = started.use(await StripeJsApp.start(chromium, it.sandbox.url))
  openApp = (script) => app.open(script)
})
afterAll(() => started.disposeAsync())

test('an embedded checkout is paid in a frame of the app, with a decline and an authentication on the way', async () => {
  const { id: price } = await it.aPrice()
  const embed = (params: Stripe.Checkout.SessionCreateParams) =>
    it.stripe.checkout.sessions.create({
      ...{ mode: 'subscription', ui_mode: 'embedded_page', line_items: [{ price, quantity: 1 }] },
      ...params,
    })
  const mount = ({ client_secret }: Stripe.Checkout.Session) =>
    openApp(`const checkout = await stripe.createEmbeddedCheckoutPage({
      fetchClientSecret: async () => '${client_secret}', onComplete: () => say('complete'),
    })
    checkout.mount('#place')`)
  const session = await embed({ return_url: `${app.url}?done={CHECKOUT_SESSION_ID}` })
  const tab = await mount(session)
  const frame = tab.frameLocator('iframe[title=Checkout]')
  await frame.getByRole('button', { name: /4000 0000 0000 0002/ }).click()
  await frame.getByRole('alert').getByText('Your card was declined.').waitFor()
  await takePicture(tab, 'stripe-sandbox/checkout-embedded')
  await frame.getByRole('button', { name: /4000 0025 0000 3155/ }).click()
  await frame.getByRole('button', { name: 'Complete authentication' }).click()
  await tab.waitForURL(`${app.url}?done=${session.id}`)
  expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'complete', url: null })

  const staying = await embed({ redirect_on_completion: 'never' })
  const other = await mount(staying)
  const otherFrame = other.frameLocator('iframe[title=Checkout]')
  await otherFrame.getByRole('button', { name: /4242 4242 4242 4242/ }).click()
  await other.getByText('"complete"').waitFor()
  await otherFrame.getByRole('heading', { name: 'Thank you' }).waitFor()
})

test('a Payment Element pays: first invalid, then declined, then authenticated in a dialog, and back at the app', async () => {
  const { id: customer } = await it.aCustomer({ card: null })
  const intent = await it.stripe.paymentIntents.create({
    ...{ amount: 2500, currency: 'usd', customer, automatic_payment_methods: { enabled: true } },
    metadata: { order: 'secret to the browser' },
  })
  const tab = await openApp(`const elements = stripe.elements({ clientSecret: '${intent.client_secret}' })
    const element = elements.create('payment')
    element.on('ready', () => say('ready'))
    element.mount('#place')
    onPay(async () => say(await stripe.confirmPayment({ elements, confirmParams: { return_url: location.href } })))`)
  const requests: string[] = []
  tab.on('request', (request) =>
    requests.push(`${request.url()} ${request.frame() === tab.mainFrame() && request.postData()}`),
  )
  await said(tab, 'ready')
  // Elements follow the app's theme, not the system.
  await tab.emulateMedia({ colorScheme: 'dark' })
  const root = tab.frameLocator('iframe[title="Secure payment input frame"]').locator('html')
  expect(await root.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light')
  await tab.emulateMedia({ colorScheme: null })
  await fillIn(tab, '4242 4242 4242 4241')
  await tab.getByRole('button', { name: 'Pay' }).click()
  expect(await said(tab, 'error')).toMatchObject({ error: { type: 'validation_error', code: 'invalid_number' } })
  await takePicture(tab, 'stripe-sandbox/payment-element')

  await fillIn(tab, '4000 0000 0000 9995')
  await tab.getByRole('button', { name: 'Pay' }).click()
  expect(await said(tab, 'card_error')).toMatchObject({
    error: { decline_code: 'insufficient_funds', payment_intent: { id: intent.id, status: 'requires_payment_method' } },
  })
  expect(await tab.locator('#said').innerText()).not.toMatch(/secret to the browser|"customer":"cus/)

  await fillIn(tab, '4000 0027 6000 3184')
  await tab.getByRole('button', { name: 'Pay' }).click()
  const bank = tab.frameLocator('iframe[title=Authentication]')
  await bank.getByRole('button', { name: 'Fail authentication' }).click()
  expect(await said(tab, 'authentication_failure')).toMatchObject({
    error: { code: 'payment_intent_authentication_failure', payment_intent: { status: 'requires_payment_method' } },
  })
  await tab.getByRole('button', { name: 'Pay' }).click()
  await bank.getByRole('button', { name: 'Complete authentication' }).waitFor()
  await takePicture(tab, 'stripe-sandbox/payment-element-authentication')
  await bank.getByRole('button', { name: 'Complete authentication' }).click()
  await tab.waitForURL(/redirect_status=succeeded/)
  const params = Object.fromEntries(new URL(tab.url()).searchParams)
  expect(params).toMatchObject({ payment_intent: intent.id, payment_intent_client_secret: intent.client_secret })
  expect(await it.stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
    status: 'succeeded',
    amount_received: 2500,
  })
  // The card is known to the sandbox's frame alone, and no address has it.
  const cards = /4242424242424241|4000000000009995|4000002760003184/
  expect(requests.filter((request) => cards.test(request.replaceAll(/%20|\+/g, '')))).toEqual([])
})

test('a card Element pays with confirmCardPayment, saves with confirmCardSetup, and a Payment Element can wait for its intent', async () => {
  const { id: customer } = await it.aCustomer({ card: null })
  const intent = await it.stripe.paymentIntents.create({ amount: 900, currency: 'eur' })
  const setup = await it.stripe.setupIntents.create({ customer })
  const tab = await openApp(`const card = stripe.elements().create('card', { hidePostalCode: true })
    card.on('change', ({ complete, brand }) => complete && say({ brand }))
    card.mount('#place')
    onPay(async () => {
      const payment = { payment_method: { card, billing_details: { name: 'Ada' } } }
      say([
        await stripe.confirmCardPayment('${intent.client_secret}', payment),
        await stripe.confirmCardSetup('${setup.client_secret}', payment),
        await stripe.retrievePaymentIntent('${intent.client_secret}'),
        await stripe.retrieveSetupIntent('${setup.client_secret}x'),
      ])
    })`)
  const frame = tab.frameLocator('iframe[title="Secure card payment input frame"]')
  const typed = { cardnumber: '5555555555554444', 'exp-date': '1234', cvc: '123' }
  for (const [name, text] of Object.entries(typed)) await frame.locator(`[name=${name}]`).fill(text)
  expect(await said(tab, 'brand')).toEqual({ brand: 'mastercard' })
  await tab.getByRole('button', { name: 'Pay' }).click()
  expect(await said(tab, 'paymentIntent')).toMatchObject([
    { paymentIntent: { status: 'succeeded' } },
    { setupIntent: { status: 'succeeded' } },
    { paymentIntent: { id: intent.id, amount: 900, client_secret: intent.client_secret } },
    { error: { param: 'client_secret' } },
  ])
  const saved = await it.stripe.paymentMethods.list({ customer })
  expect(saved.data).toMatchObject([{ card: { last4: '4444' }, billing_details: { name: 'Ada' } }])

  const parts = await openApp(`const elements = stripe.elements()
    const place = document.querySelector('#place')
    for (const type of ['cardNumber', 'cardExpiry', 'cardCvc'])
      elements.create(type).mount(place.appendChild(document.createElement('div')))
    elements.getElement('cardNumber').on('change', ({ complete, brand, error }) => say({ complete, brand, error: error?.code }))
    onPay(async () => say(await stripe.createToken(elements.getElement('cardNumber'), { name: 'Ada' })))`)
  const enter = (title: string, text: string) =>
    parts.frameLocator(`iframe[title="${title}"]`).getByRole('textbox').fill(text)
  await enter('Secure card number input frame', '4000 0566 5566 5556')
  expect(await said(parts, 'visa')).toEqual({ complete: true, brand: 'visa' })
  await enter('Secure CVC input frame', '123')
  await parts.getByRole('button', { name: 'Pay' }).click()
  expect(await said(parts, 'error')).toMatchObject({ error: { code: 'incomplete_expiry' } })
  await enter('Secure expiration date input frame', '12/34')
  await parts.getByRole('button', { name: 'Pay' }).click()
  expect(await said(parts, 'tok_')).toMatchObject({ token: { card: { last4: '5556', exp_year: 2034, name: 'Ada' } } })

  const later = await it.stripe.setupIntents.create({ customer })
  const other = await openApp(`const elements = stripe.elements({ mode: 'setup', currency: 'usd' })
    elements.create('payment').mount('#place')
    onPay(async () => {
      const { error } = await elements.submit()
      if (error) return say({ error })
      const clientSecret = '${later.client_secret}'
      say(await stripe.confirmSetup({ elements, clientSecret, redirect: 'if_required' }))
    })`)
  await fillIn(other, '4000 0025 0000 3155', '12 / 20')
  await other.getByRole('button', { name: 'Pay' }).click()
  expect(await said(other, 'error')).toMatchObject({ error: { code: 'invalid_expiry_year_past' } })
  await fillIn(other, '4000 0025 0000 3155')
  await other.getByRole('button', { name: 'Pay' }).click()
  await other.locator('dialog').waitFor()
  await other.keyboard.press('Escape')
  expect(await said(other, 'authentication_failure')).toMatchObject({ error: { setup_intent: { id: later.id } } })
  await other.getByRole('button', { name: 'Pay' }).click()
  await other
    .frameLocator('iframe[title=Authentication]')
    .getByRole('button', { name: 'Complete authentication' })
    .click()
  expect(await said(other, 'setupIntent')).toMatchObject({ setupIntent: { id: later.id, status: 'succeeded' } })
})

test('a Payment Element shows saved cards, removes one, saves a new one, and takes the email of its group', async () => {
  const { id: customer } = await it.aCustomer({ card: null })
  const save = async (token: string) => {
    const { id } = await it.stripe.paymentMethods.create({ type: 'card', card: { token }, allow_redisplay: 'always' })
    await it.stripe.paymentMethods.attach(id, { customer })
    return id
  }
  const [old] = [await save('tok_visa'), await save('tok_mastercard')]
  const { client_secret: saved } = await it.stripe.customerSessions.create({
    customer,
    components: { payment_element: { enabled: true, features: ALL_FEATURES } },
  })
  const anIntent = () => it.stripe.paymentIntents.create({ amount: 700, currency: 'usd', customer })
  const [first, second] = [await anIntent(), await anIntent()]
  const tab = await openApp(`const clientSecrets = ['${first.client_secret}', '${second.client_secret}']
    const elements = stripe.elements({ mode: 'payment', amount: 700, currency: 'usd', customerSessionClientSecret: '${saved}' })
    const show = (type) => elements.create(type).mount(place.appendChild(document.createElement('div')))
    const place = document.querySelector('#place')
    for (const type of ['expressCheckout', 'linkAuthentication', 'payment']) show(type)
    elements.getElement('expressCheckout').on('ready', ({ availablePaymentMethods: wallets }) => (document.title = String(wallets)))
    elements.getElement('payment').on('change', ({ complete, value }) => say({ complete, chosen: value.payment_method?.id }))
    elements.getElement('payment').on('savedpaymentmethodremove', ({ success, payment_method }) => say({ success, removed: payment_method.id }))
    onPay(async () => {
      const { error } = await elements.submit()
      if (error) return say({ error })
      const clientSecret = clientSecrets.shift()
      say(await stripe.confirmPayment({ elements, clientSecret, redirect: 'if_required' }))
    })`)
  const frame = tab.frameLocator('iframe[title="Secure payment input frame"]')
  await tab.getByRole('button', { name: 'Pay' }).click()
  expect(await said(tab, 'email_incomplete')).toMatchObject({ error: { message: 'Your email is incomplete.' } })
  await tab.frameLocator('iframe[title="Secure email input frame"]').getByLabel('Email').fill('ada@example.com')
  await frame.getByRole('radio', { name: 'New card' }).check()
  await frame.getByRole('button', { name: 'Remove Mastercard ending in 4444' }).click()
  await said(tab, '"success":true')
  expect(await frame.getByRole('radio', { name: 'New card' }).isChecked()).toBe(true)
  await frame.getByRole('radio', { name: /Visa ending in 4242/ }).check()
  await takePicture(tab, 'stripe-sandbox/payment-element-saved')
  await tab.getByRole('button', { name: 'Pay' }).click()
  expect(await said(tab, 'succeeded')).toMatchObject({ paymentIntent: { id: first.id, payment_method: old } })
  expect(await tab.title()).toBe('undefined')

  await frame.getByRole('radio', { name: 'New card' }).check()
  await fillIn(tab, '3782 8224 6310 005')
  await frame.getByLabel('Save payment details for future purchases').check()
  await tab.getByRole('button', { name: 'Pay' }).click()
  expect(await said(tab, second.id)).toMatchObject({ paymentIntent: { id: second.id, status: 'succeeded' } })
  const { data } = await it.stripe.paymentMethods.list({ customer })
  expect(data).toMatchObject([
    { card: { last4: '0005' }, allow_redisplay: 'always', billing_details: { email: 'ada@example.com' } },
    { id: old },
  ])
})

test("a session of the app's own page: a code, an address for taxes, a decline, an authentication, and back at the app", async () => {
  const { id: price } = await it.aPrice()
  const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'once' })
  await it.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  const session = await it.stripe.checkout.sessions.create({
    ...{ mode: 'subscription', ui_mode: 'elements', line_items: [{ price, quantity: 1 }] },
    ...{ allow_promotion_codes: true, automatic_tax: { enabled: true } },
    return_url: `${app.url}?paid={CHECKOUT_SESSION_ID}`,
  })
  const tab = await openApp(`const checkout = stripe.initCheckoutElementsSdk({
      clientSecret: '${session.client_secret}', elementsOptions: { appearance: { theme: 'night' } },
    })
    const { actions } = await checkout.loadActions()
    const tell = ({ canConfirm, tax, total, discountAmounts }) =>
      say({ canConfirm, tax: tax.status, total: total.total.amount, codes: discountAmounts.map((each) => each.promotionCode) })
    checkout.on('change', tell)
    const place = document.querySelector('#place')
    for (const element of [checkout.createPaymentElement(), checkout.createBillingAddressElement()])
      element.mount(place.appendChild(document.createElement('div')))
    tell(actions.getSession())
    window.actions = actions
    onPay(async () => say(await actions.confirm()))`)
  const told = { canConfirm: false, tax: 'requires_billing_address', total: '$10.00', codes: [] }
  expect(await said(tab, '$10.00')).toEqual(told)
  const invalid = await tab.evaluate('actions.applyPromotionCode("NONE")')
  expect(invalid).toMatchObject({ type: 'error', error: { code: 'invalidCode' } })
  expect(await tab.evaluate('actions.updateEmail("ada")')).toMatchObject({ error: { code: 'incompleteEmail' } })
  await tab.evaluate('actions.applyPromotionCode("half")')
  expect(await said(tab, '$5.00')).toMatchObject({ total: '$5.00', codes: ['HALF'] })
  await tab.evaluate('actions.updateEmail("ada@example.com")')

  const address = tab.frameLocator('iframe[title="Secure address input frame"]')
  await address.locator('#Field-countryInput').selectOption('DE')
  const typed = { name: 'Ada Lovelace', addressLine1: 'Unter den Linden 1', locality: 'Berlin', postalCode: '10117' }
  for (const [name, text] of Object.entries(typed)) await address.locator(`#Field-${name}Input`).fill(text)
  // 19 % on top of 5.00, because prices in USD are exclusive.
  expect(await said(tab, '$5.95')).toMatchObject({ tax: 'ready', canConfirm: false })
  await fillIn(tab, '4000 0000 0000 9995')
  expect(await said(tab, '"canConfirm":true')).toMatchObject({ total: '$5.95' })
  expect(await address.locator('html').evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark')
  await takePicture(tab, 'stripe-sandbox/checkout-elements')
  await tab.getByRole('button', { name: 'Pay' }).click()
  expect(await said(tab, 'paymentFailed')).toMatchObject({
    type: 'error',
    error: { code: 'paymentFailed', paymentFailed: { declineCode: 'insufficient_funds' } },
  })
  await fillIn(tab, '4000 0025 0000 3155')
  await tab.getByRole('button', { name: 'Pay' }).click()
  await tab
    .frameLocator('iframe[title=Authentication]')
    .getByRole('button', { name: 'Complete authentication' })
    .click()
  await tab.waitForURL(`${app.url}?paid=${session.id}`)
  expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: 'complete',
    amount_total: 595,
    customer_details: { email: 'ada@example.com', name: 'Ada Lovelace', address: { country: 'DE', city: 'Berlin' } },
  })
  const foreign = await fetch(
    `${it.sandbox.url}/v1/payment_pages/${session.id}/elements?key=pk_test_sandbox&client_secret=${session.id}_secret_x`,
  )
  expect(foreign.status).toBe(400)
})
