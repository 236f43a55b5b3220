import { violationsOn } from '@tollgate/test-browser/accessibility'
import { takePicture } from '@tollgate/test-browser/picture'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPaymobSandbox, type PaymobSandbox } from '../src/index.ts'
import { Merchant } from './merchant.ts'
import { startReceiver } from './receiver.ts'

const started = new AsyncDisposableStack()
let sandbox: PaymobSandbox
let merchant: Merchant
let receiver: Awaited<ReturnType<typeof startReceiver>>
/** A browser for pictures and the accessibility check, and a narrow one without JavaScript. */
let scripted: BrowserContext
let plain: BrowserContext

beforeAll(async () => {
  const chromium = await startChromium()
  started.defer(() => chromium.close())
  receiver = started.use(await startReceiver())
  sandbox = started.use(
    await startPaymobSandbox({ callbackUrl: receiver.url, merchantName: 'Acme', merchantColor: '#1f5eff' }),
  )
  merchant = new Merchant(sandbox, receiver.url)
  scripted = await chromium.newContext({ bypassCSP: true })
  plain = await chromium.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } })
  for (const context of [scripted, plain]) context.setDefaultTimeout(20_000)
})
afterAll(() => started.disposeAsync())

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(sandbox.url + path)
  return page
}

/** The address of a checkout page that leads back to the control page. */
async function aCheckout(fields: object = {}): Promise<string> {
  const { body } = await merchant.intention({ redirection_url: `${sandbox.url}/_/?paid`, ...fields })
  return `/unifiedcheckout/?publicKey=${sandbox.publicKey}&clientSecret=${body.client_secret}`
}

const said = (page: Page) => page.getByRole('status').innerText()

/** Whether the page fits its window, without horizontal scrolling. */
async function fits(page: Page): Promise<boolean> {
  const widths = await page
    .locator('html')
    .evaluateAll((all) => all.map((root) => [root.scrollWidth, root.clientWidth]))
  return widths.every(([scrolled = 0, shown = 0]) => scrolled <= shown)
}

test('a customer is declined, comes back, and pays with a typed card', async () => {
  const path = await aCheckout()
  const page = await open(plain, path)
  expect(await page.locator('.merchant').innerText()).toContain('Acme')
  await page.getByRole('button', { name: /4000 0000 0000 0002/ }).click()
  expect(new URL(page.url()).searchParams.get('success')).toBe('false')
  await page.goto(sandbox.url + path)
  await page.getByLabel('Card number').fill('1234')
  await page.getByLabel('Expiry (MM / YY)').fill('01/39')
  await page.getByLabel('CVV').fill('123')
  await page.getByRole('button', { name: 'Pay EGP 199.00' }).click()
  expect(await page.getByRole('alert').innerText()).toContain('not one of the test cards')
  await page.getByLabel('Card number').fill('5123 4567 8901 2346')
  await page.getByLabel('Expiry (MM / YY)').fill('01/39')
  await page.getByLabel('CVV').fill('123')
  await page.getByRole('button', { name: 'Pay EGP 199.00' }).click()
  const back = new URL(page.url()).searchParams
  expect([back.get('success'), back.get('hmac')]).toEqual(['true', expect.stringMatching(/^[0-9a-f]{128}$/)])
  await page.goto(sandbox.url + path)
  expect(await page.getByRole('heading').innerText()).toBe('Already paid')
})

test('leaving the page and a failed 3-D Secure pay nothing', async () => {
  const page = await open(plain, await aCheckout({ currency: 'OMR', amount: 4500 }))
  expect(await page.getByRole('button', { name: 'Pay OMR 4.500' }).isVisible()).toBe(true)
  await page.getByRole('button', { name: 'Leave the page' }).click()
  await page.getByRole('link', { name: 'Back to the checkout page' }).click()
  await page.getByRole('button', { name: '3-D Secure fails' }).click()
  const back = new URL(page.url()).searchParams
  expect([back.get('success'), back.get('data.message')]).toEqual(['false', '3DSecure authentication failed'])
})

test('the controls subscribe, renew, fail, recover, refund, and forge', async () => {
  const page = await open(plain, '/')
  const tab = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click()
  await page.getByRole('button', { name: 'Subscribe a sample customer' }).click()
  await page.getByRole('button', { name: /5123 4567 8901 2346/ }).click()
  await sandbox.drained()
  await page.getByRole('button', { name: 'To the next due date' }).click()
  expect(await said(page)).toContain('Successful Transaction (delivered)')
  await page.getByRole('link', { name: 'Sample Customer' }).first().click()
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('Sample plan EGP')
  await page.getByRole('button', { name: 'Make deductions fail' }).click()
  await page.getByRole('button', { name: 'To the next due date' }).click()
  expect(await said(page)).toContain('Failed Transaction (delivered)')
  // A button leads back to its page.
  await page.getByRole('button', { name: 'Let deductions succeed' }).click()
  await page.getByRole('button', { name: 'To the next due date' }).click()
  expect(await said(page)).toContain('Successful Transaction (delivered)')
  expect(await page.getByRole('list').filter({ hasText: 'primary' }).innerText()).toContain('xxxx-xxxx-xxxx-2346')

  await tab('Payments')
  await page.getByRole('searchbox', { name: 'Search' }).fill('sample@example.com')
  await page.getByLabel('Status').selectOption('failed')
  await page.getByRole('button', { name: 'Show' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/status=failed/)
  expect(await page.locator('#payments .rows > li').count()).toBe(1)
  await page.getByLabel('Status').selectOption('paid')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.waitForURL(/status=paid/)
  await page.getByRole('button', { name: 'Refund' }).first().click()
  expect(await said(page)).toContain('Refunded EGP 199.00')
  expect(new URL(page.url()).searchParams.get('status')).toBe('paid')

  await tab('Callbacks')
  await page.getByRole('searchbox', { name: 'Search' }).fill('no such callback')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing matches.').waitFor()
  await page.getByRole('link', { name: 'Show all' }).click()
  await page.getByRole('button', { name: 'Forge: other subscription' }).first().click()
  expect(await said(page)).toContain('Its signature is valid.')
  await tab('Failures')
  await page.getByLabel('Lost (0 to 1)').fill('2')
  await page.locator('#chaos').getByRole('button', { name: 'Apply' }).click()
  expect(await said(page)).toContain('must be shares from 0 to 1')
  expect(await fits(page)).toBe(true)
  for (const path of ['/_/?tab=nothing', '/_/subscriptions/1']) {
    expect((await fetch(sandbox.url + path)).status).toBe(404)
  }
})

test('the pages are accessible and fit a narrow window', async () => {
  const { body: plan } = await merchant.plan()
  for (const [name, path] of [
    ['control', '/_/'],
    ...['subscriptions', 'payments', 'orders', 'callbacks', 'failures'].map((tab) => [tab, `/_/?tab=${tab}`] as const),
    ['checkout', await aCheckout({ subscription_plan_id: plan.id })],
  ] as const) {
    const page = await open(scripted, path)
    await takePicture(page, `paymob-sandbox/${name}`)
    expect(await violationsOn(page)).toEqual([])
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await fits(page)).toBe(true)
    if (name === 'subscriptions') {
      await page.getByRole('link', { name: 'Sample Customer' }).first().click()
      await takePicture(page, 'paymob-sandbox/subscription')
      expect(await violationsOn(page)).toEqual([])
      await page.setViewportSize({ width: 320, height: 700 })
      expect(await fits(page)).toBe(true)
    }
    await page.close()
  }
})
