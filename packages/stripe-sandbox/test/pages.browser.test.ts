import { violationsOn } from '@tollgate/test-browser/accessibility'
import { takePicture } from '@tollgate/test-browser/picture'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestSandbox } from './test-sandbox.ts'
import { startReceiver } from './webhook-receiver.ts'

const started = new AsyncDisposableStack()
let chromium: Browser
let it: TestSandbox
let site: Awaited<ReturnType<typeof startReceiver>>
/** A browser with JavaScript, and a narrow one without it. */
let scripted: BrowserContext
let plain: BrowserContext

beforeAll(async () => {
  chromium = await startChromium()
  started.defer(() => chromium.close())
  site = started.use(await startReceiver())
  it = started.use(await TestSandbox.start({ webhookEndpoints: [{ url: site.url, secret: 'whsec_test' }] }))
  scripted = await chromium.newContext({ bypassCSP: true })
  plain = await chromium.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } })
  for (const context of [scripted, plain]) context.setDefaultTimeout(20_000)
})
afterAll(() => started.disposeAsync())

/** Where a checkout redirects to: any page that exists. */
function done(): string {
  return `${it.sandbox.url}/_/?paid`
}

async function aCheckout(): Promise<string> {
  const { url } = await it.aCheckout({ amount: 1900, success_url: done(), cancel_url: done() })
  return url
}

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(new URL(path, it.sandbox.url).href)
  return page
}

/** The notice on a control page. */
async function said(page: Page): Promise<string> {
  return (await page.getByRole('status').innerText()).trim()
}

test('a declined checkout keeps what was typed, and says who charges the card', async () => {
  await it.request('PUT', '/_/settings', { merchantName: 'Acme & Sons', merchantColor: '#7a1fa2' })
  const page = await open(plain, await aCheckout())
  await page.getByText('Acme & Sons').first().waitFor()
  await page.getByText('You let Acme & Sons charge your card now and at each renewal ($19.00 a month)').waitFor()
  const typed = {
    Email: 'ada@example.com',
    'Card number': '4000 0000 0000 0002',
    'Expiry (MM / YY)': '12 / 34',
    CVC: '123',
    'Cardholder name': 'Ada "the Countess" Lovelace',
  }
  for (const [label, text] of Object.entries(typed)) await page.getByLabel(label).fill(text)
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await page.getByRole('alert').waitFor()
  for (const [label, text] of Object.entries(typed)) expect(await page.getByLabel(label).inputValue()).toBe(text)
  await page.getByLabel('Card number').fill('4000 0025 0000 3155')
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await page.getByRole('button', { name: 'Complete authentication' }).click()
  await page.waitForURL(done())
  await page.goBack()
  await page.getByRole('link', { name: 'Continue' }).click()
  await page.waitForURL(done())
})

test('without JavaScript, test card buttons pay a checkout, and a declined card leaves it open', async () => {
  const page = await open(plain, await aCheckout())
  await page.getByRole('button', { name: /4000 0000 0000 0002/ }).click()
  expect(await page.getByRole('alert').innerText()).toBe('Your card was declined.')
  await takePicture(page, 'stripe-sandbox/checkout-declined')
  await page.getByLabel('Email').fill('grace@example.com')
  await page.getByRole('button', { name: /4000 0025 0000 3155/ }).click()
  await page.getByRole('button', { name: 'Complete authentication' }).waitFor()
  await takePicture(page, 'stripe-sandbox/authentication')
  await page.getByRole('button', { name: 'Complete authentication' }).click()
  await page.waitForURL(done())
  expect((await it.stripe.customers.list({ limit: 1 })).data[0]?.email).toBe('grace@example.com')
})

test('a checkout with a promotion code and a tax shows how they add up', async () => {
  const { id: coupon } = await it.stripe.coupons.create({ percent_off: 20 })
  await it.stripe.promotionCodes.create({ code: 'SAVE20', promotion: { type: 'coupon', coupon } })
  const rate = await it.stripe.taxRates.create({ display_name: 'VAT', percentage: 10, inclusive: false })
  const { url } = await it.aCheckout({
    ...{ amount: 1000, allow_promotion_codes: true, success_url: done() },
    subscription_data: { default_tax_rates: [rate.id] },
  })
  const page = await open(plain, url)
  const typed = { Email: 'ada@example.com', 'Card number': '4242 4242 4242 4242', CVC: '123' }
  for (const [label, text] of Object.entries(typed)) await page.getByLabel(label).fill(text)
  await page.getByLabel('Promotion code').fill('SAVE20')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByText('Discount (SAVE20)').waitFor()
  for (const [label, text] of Object.entries(typed)) expect(await page.getByLabel(label).inputValue()).toBe(text)
  expect(page.url()).not.toContain('4242')
  expect(
    (await page.getByRole('listitem').allInnerTexts()).slice(0, 4).map((text) => text.replaceAll(/\s+/g, ' ')),
  ).toEqual(['Pro $10.00 a month', 'Discount (SAVE20) -$2.00', 'Tax $0.80', 'Total due today $8.80'])
  await takePicture(page, 'stripe-sandbox/checkout-sums')
  // Enter in the field applies it. Enter in another field pays.
  await page.getByLabel('Promotion code').fill('')
  await page.getByLabel('Promotion code').press('Enter')
  await page.getByText('The promotion code is removed.').waitFor()
  await page.getByLabel('Expiry (MM / YY)').fill('12 / 34')
  await page.getByLabel('Cardholder name').fill('Ada Lovelace')
  await page.getByLabel('Cardholder name').press('Enter')
  await page.waitForURL(done())
})

test('a checkout is accessible and can be filled in and submitted with the keyboard alone', async () => {
  const page = await open(scripted, await aCheckout())
  await takePicture(page, 'stripe-sandbox/checkout')
  expect(await violationsOn(page)).toEqual([])
  await page.getByLabel('Email').focus()
  for (const text of ['ada@example.com', '4242 4242 4242 4242', '12 / 34', '123', 'Ada Lovelace']) {
    await page.keyboard.type(text)
    await page.keyboard.press('Tab')
  }
  expect((await page.locator(':focus').innerText()).trim()).toBe('Subscribe')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL(done())
})

test('without JavaScript, customers can cancel, undo it and change their card in the portal', async () => {
  const price = await it.aPrice()
  const { customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
  const { url } = await it.stripe.billingPortal.sessions.create({ customer })
  const page = await open(plain, url)
  await page.getByRole('button', { name: 'Cancel subscription' }).click()
  await page.getByText('Ends on 1 Apr 2026').waitFor()
  expect((await it.subscription(subscription.id)).cancel_at).not.toBeNull()
  await page.getByRole('button', { name: "Don't cancel" }).click()
  await page.getByText('Renews on 1 Apr 2026').waitFor()
  expect(await it.subscription(subscription.id)).toMatchObject({ cancel_at: null, cancel_at_period_end: false })
  await page.getByRole('button', { name: /4000 0000 0000 0341/ }).click()
  await page.getByText('Visa ending in 0341').waitFor()
  await takePicture(page, 'stripe-sandbox/portal')

  const same = await open(scripted, url)
  expect(await violationsOn(same)).toEqual([])
})

test('without JavaScript, customers can change plans in the portal while the control page allows it', async () => {
  const starter = await it.aPrice({ amount: 1900, name: 'Starter' })
  const { customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: starter.id })
  const { url } = await it.stripe.billingPortal.sessions.create({ customer })
  const team = await it.aPrice({ amount: 19_000, interval: 'year', name: 'Team' })
  const page = await open(plain, url)
  await page.getByText('$19.00 a month').first().waitFor()
  const plans = await page.getByLabel('New plan').locator('option').allInnerTexts()
  expect(plans).toContain('Team: $190.00 a year')
  expect(plans).not.toContain('Starter: $19.00 a month')
  await page.getByLabel('New plan').selectOption('Team: $190.00 a year')
  await page.getByRole('button', { name: 'Change plan' }).click()
  await page.getByRole('heading', { name: 'Team' }).waitFor()
  expect((await it.subscription(subscription.id)).items.data).toMatchObject([{ price: { id: team.id } }])

  const controls = await open(plain, '/_/')
  await controls.getByRole('button', { name: "Don't let customers change plans" }).click()
  expect(await said(controls)).toBe('Customers can no longer change plans in the portal.')
  await page.reload()
  expect(await page.getByLabel('New plan').count()).toBe(0)
  await controls.getByRole('button', { name: 'Let customers change plans' }).click()
  await page.reload()
  await page.getByLabel('New plan').waitFor()
})

test('without JavaScript, an open invoice can be paid on its page, which then shows it as paid', async () => {
  const { id: customer } = await it.aCustomer({ card: null })
  await it.stripe.invoiceItems.create({ customer, amount: 4200, currency: 'usd', description: 'Consulting' })
  const draft = await it.stripe.invoices.create({
    customer,
    collection_method: 'send_invoice',
    days_until_due: 14,
    pending_invoice_items_behavior: 'include',
  })
  const { hosted_invoice_url } = await it.stripe.invoices.finalizeInvoice(draft.id)
  const page = await open(plain, hosted_invoice_url ?? '')
  await page.getByRole('button', { name: /4000 0000 0000 9995/ }).click()
  expect(await page.getByRole('alert').innerText()).toBe('Your card has insufficient funds.')
  await takePicture(page, 'stripe-sandbox/invoice-declined')
  await page.getByRole('button', { name: /4242 4242 4242 4242/ }).click()
  await page.getByText(/^Paid on/).waitFor()
  await takePicture(page, 'stripe-sandbox/invoice-paid')
  expect((await it.stripe.invoices.retrieve(draft.id)).status).toBe('paid')

  const same = await open(scripted, hosted_invoice_url ?? '')
  expect(await violationsOn(same)).toEqual([])
})
