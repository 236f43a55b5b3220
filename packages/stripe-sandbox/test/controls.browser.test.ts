import { violationsOn } from '@tollgate/test-browser/accessibility'
import { takePicture } from '@tollgate/test-browser/picture'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, TestSandbox } from './test-sandbox.ts'
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

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(new URL(path, it.sandbox.url).href)
  return page
}

/** The notice on a control page. */
async function said(page: Page): Promise<string> {
  return (await page.getByRole('status').innerText()).trim()
}

/** Whether the page fits its window, without horizontal scrolling. */
async function fits(page: Page): Promise<boolean> {
  const widths = await page
    .locator('html')
    .evaluateAll((all) => all.map((root) => [root.scrollWidth, root.clientWidth]))
  return widths.every(([scrolled = 0, shown = 0]) => scrolled <= shown)
}

test('without JavaScript, the control page advances time, fails charges, disputes payments and resends events', async () => {
  const price = await it.aPrice({ name: 'Max <b>' })
  const { id: customer } = await it.aCustomer({ email: 'bad-day@example.com' })
  await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  const page = await open(plain, '/_/')
  await page.getByRole('link', { name: 'bad-day@example.com' }).first().click()
  await page.getByText('Max <b>').first().waitFor()

  await page.getByRole('button', { name: 'Dispute' }).click()
  expect(await said(page)).toContain('The payment of $10.00 is disputed. 2 events, 2 delivered: charge.dispute.created')
  await page.getByLabel('Charges').selectOption('insufficient_funds')
  await page.getByRole('button', { name: 'Set' }).click()
  expect(await said(page)).toBe('Charges to bad-day@example.com now fail: insufficient_funds.')
  await page.getByRole('button', { name: '+ 1 month' }).click()
  await page.getByRole('button', { name: '+ 1 day' }).click()
  expect(await said(page)).toContain('invoice.payment_failed')
  await page.getByText('past_due', { exact: true }).waitFor()
  await takePicture(page, 'stripe-sandbox/customer-past-due')

  const before = site.received.length
  await page.getByRole('button', { name: 'Resend' }).first().click()
  expect(await said(page)).toMatch(/was sent to .* again\.$/)
  expect(site.received).toHaveLength(before + 1)
  await page
    .getByText(/^Payload of/)
    .first()
    .click()
  await page.getByText('"api_version": "2026-10-28.endive"').first().waitFor()

  await page.getByRole('button', { name: 'Open the portal as this customer' }).click()
  await page.getByRole('heading', { name: 'Your billing' }).waitFor()
  await page.getByRole('link', { name: 'Return' }).click()
  await page.getByRole('button', { name: 'Cancel now' }).click()
  expect(await said(page)).toContain('customer.subscription.deleted')
  expect(await fits(page)).toBe(true)
  await takePicture(page, 'stripe-sandbox/customer')
})

test('without an app and without JavaScript, the control page makes sample plans and subscribes a new customer', async () => {
  await using fresh = await TestSandbox.start()
  const page = await plain.newPage()
  await page.goto(`${fresh.sandbox.url}/`)
  await page.getByRole('button', { name: 'Create sample plans' }).click()
  expect(await said(page)).toContain('On sale now: Sample Starter; Sample Pro;')
  await fresh.aPrice({ name: 'A plan whose name is much longer than a narrow window is wide' })
  await page.reload()
  expect(await fits(page)).toBe(true)
  await page.getByLabel('Price').selectOption('Sample Pro: $19.00 a month')
  await page.getByRole('button', { name: 'Open checkout page' }).click()
  await page.getByRole('button', { name: /4242 4242 4242 4242/ }).click()
  await page.getByRole('heading', { name: 'Stripe sandbox' }).waitFor()
  await page.getByRole('link', { name: 'somebody@example.com' }).first().click()
  await page.getByText('Sample Pro, $19.00 / month').waitFor()
})

test('the control page is accessible, shows every clock, and makes deliveries and API calls fail', async () => {
  await it.aClock('2027-01-01T00:00:00Z')
  const page = await open(scripted, '/_/')
  expect(await violationsOn(page)).toEqual([])
  await page.getByText('1 Jan 2027, 00:00 UTC').waitFor()
  await page.getByRole('link', { name: 'Failures' }).click()
  expect(await violationsOn(page)).toEqual([])
  await page.getByLabel('Lost (%)').fill('100')
  await page.getByRole('region', { name: 'Webhook failures' }).getByRole('button', { name: 'Set' }).click()
  expect(await said(page)).toBe('Deliveries now fail as set.')
  await page.getByLabel('Lost (%)').fill('0')
  await page.getByRole('region', { name: 'Webhook failures' }).getByRole('button', { name: 'Set' }).click()
  await page.getByLabel('Fail with').selectOption('429')
  await page.getByRole('region', { name: 'API failures' }).getByRole('button', { name: 'Set' }).click()
  expect(await said(page)).toBe('The next API call fails with 429.')
  await expect(it.stripe.customers.list()).rejects.toMatchObject({ statusCode: 429 })
  await page.getByRole('button', { name: 'Roll the secret' }).click()
  expect(await said(page)).toMatch(/^The new secret is whsec_\w+\./)
  await takePicture(page, 'stripe-sandbox/controls')
})

test('every tab of the control page lists the newest first, searches, filters, and keeps its place after a button', async () => {
  await using fresh = await TestSandbox.start()
  const price = await fresh.aPrice({ name: 'Wide' })
  for (let n = 1; n <= 17; n += 1) await fresh.aCustomer({ email: `person-${n}@example.com` })
  const { id: customer } = await fresh.aCustomer({ email: 'payer@example.com' })
  const { id: canceled } = await fresh.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  await fresh.stripe.subscriptions.cancel(canceled)
  await fresh.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
  const page = await scripted.newPage()
  await page.goto(`${fresh.sandbox.url}/_/`)
  const tab = (name: RegExp) => page.getByRole('navigation').getByRole('link', { name }).click()
  const rows = page.locator('main ul.rows > li')

  await tab(/^Customers 18$/)
  expect([await rows.count(), await rows.first().innerText()]).toEqual([15, expect.stringContaining('payer@')])
  await page.getByRole('link', { name: 'Older' }).click()
  expect(await rows.count()).toBe(3)
  await page.getByLabel('Search').fill('PERSON-1@')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await rows.allInnerTexts()).toEqual([expect.stringContaining('person-1@example.com')])
  await page.getByLabel('Search').fill('"><b>none')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.getByText('Nothing matches.').waitFor()
  expect(await page.getByLabel('Search').inputValue()).toBe('"><b>none')

  await tab(/^Subscriptions 2$/)
  await page.getByLabel('Status').selectOption('active')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await rows.count()).toBe(1)
  await page.getByRole('button', { name: 'Cancel at period end' }).click()
  expect(await said(page)).toContain('customer.subscription.updated')
  expect([await page.getByLabel('Status').inputValue(), await rows.count()]).toEqual(['active', 1])

  for (const name of [/^Payments 2$/, /^Invoices 2$/, /^Events/]) {
    await tab(name)
    expect(await violationsOn(page)).toEqual([])
    expect(await fits(page)).toBe(true)
  }
  await page.getByLabel('Search').fill('customer.subscription.deleted')
  await page.getByRole('button', { name: 'Show' }).click()
  expect(await rows.count()).toBe(1)
  await takePicture(page, 'stripe-sandbox/events')
  expect((await page.goto(`${fresh.sandbox.url}/_/?tab=made-up`))?.status()).toBe(404)
})

test("another site's page can't press a button of the control page", async () => {
  const page = await scripted.newPage()
  await scripted.route('https://evil.example/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${it.sandbox.url}/_/buttons/advance"><button name="by" value="month">Win</button></form>`,
    }),
  )
  const before = it.sandbox.now()
  await page.goto('https://evil.example/')
  await page.getByRole('button', { name: 'Win' }).click()
  await page.getByText('The controls accept no requests from other sites.').waitFor()
  // The button would have advanced the clock by a month.
  expect(it.sandbox.now().getTime() - before.getTime()).toBeLessThan(DAY * 1000)
})
