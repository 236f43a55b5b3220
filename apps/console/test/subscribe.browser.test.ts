import type { RunningStack } from '@tollgate/local/stack'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriersOn } from './accessibility.ts'
import { mailedLink } from './mailed-link.ts'
import { alert, heading, logIn, payByCard, press } from './on-the-page.ts'
import { startThrowawayStack } from './running-stack.ts'

const PATIENCE = 30_000
const ada = { email: 'ada@example.com', username: 'ada', password: 'correct horse battery' }

const started = new AsyncDisposableStack()
/** One for all, because it keeps the page's files; cookies are dropped between visitors. */
let context: BrowserContext
let stack: RunningStack

beforeAll(async () => {
  const browser = await startChromium()
  started.defer(() => browser.close())
  stack = started.use(await startThrowawayStack())
  context = await browser.newContext({ baseURL: stack.endpoints.web, locale: 'en-US', timezoneId: 'UTC' })
})

afterAll(() => started.disposeAsync())

/** The window of somebody whom the backend does not know. */
async function aVisitor(): Promise<Page> {
  await context.clearCookies()
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  return page
}

test('from a visitor to a paying subscriber, who is still one after a reload', async () => {
  const page = await aVisitor()
  const barriers: string[] = []
  const look = async () => barriers.push(...(await barriersOn(page)))

  await page.goto('/signup')
  await heading(page, 'Sign up')
  await page.getByLabel('E-mail address').fill(ada.email)
  await page.getByLabel('Username').fill(ada.username)
  await page.getByLabel('Password').fill('short')
  await press(page, 'Sign up')
  expect(await alert(page)).toBe('Password must be at least 8 characters long.')
  await look()
  await page.getByLabel('Password').fill(ada.password)
  await press(page, 'Sign up')
  await heading(page, 'Look into your inbox')

  await page.goto(await mailedLink(stack.endpoints.mail, { to: ada.email, page: '/verify-email' }))
  await heading(page, 'Verify your address')
  await look()
  await press(page, 'Verify my address')
  await heading(page, 'Your address is verified')

  await page.goto('/subscription')
  await heading(page, 'Log in')
  await look()
  await logIn(page, ada)
  await heading(page, 'My subscription')
  await page.getByText('You have no subscription.').waitFor()
  await page.getByRole('link', { name: 'See the plans' }).click()

  await heading(page, 'Plans')
  await page.getByText('$19.00').waitFor()
  await look()
  await press(page, 'Choose Pro')

  await payByCard(page, { at: stack.endpoints.stripe })
  await page.waitForURL(/\/checkout\/success\?session_id=/)
  await heading(page, 'You have Pro')
  await look()
  await page.getByRole('link', { name: 'My subscription and payments' }).click()
  const showsThePaidPlan = async () => {
    await heading(page, 'My subscription')
    const plan = page.getByRole('region', { name: 'Your plan' })
    await plan.getByText('Active', { exact: true }).waitFor()
    await plan.getByText('$19.00 a month').waitFor()
    const payment = page.getByRole('row').filter({ hasText: '$19.00' })
    await payment.getByText('Paid').waitFor()
    expect(await payment.getByRole('link', { name: /^Open the invoice of/ }).getAttribute('href')).toContain(
      stack.endpoints.stripe,
    )
  }
  await showsThePaidPlan()
  await page.reload()
  await showsThePaidPlan()
  await look()
  expect(barriers).toEqual([])

  await press(page, 'Log out')
  await heading(page, 'Welcome')
  await page.goto('/subscription')
  await heading(page, 'Log in')
})

test('the page after checkout believes no address', async () => {
  const page = await aVisitor()
  await page.goto('/checkout/success?session_id=cs_test_made_up')
  await logIn(page, stack.endpoints.user)
  await heading(page, 'Your payment')
  expect(await alert(page)).toContain('We could not find this payment.')
})

test('a link that promises to log in and lead elsewhere stays here', async () => {
  const page = await aVisitor()
  await page.goto(`/login?redirectTo=${encodeURIComponent('/.//elsewhere.example/')}&error=OAUTH_DENIED`)
  expect(await alert(page)).toBe('You did not allow the log-in, so nothing has changed.')
  await logIn(page, stack.endpoints.user)
  await heading(page, 'My subscription')
  expect(page.url()).toBe(`${stack.endpoints.web}/subscription`)
})

test('a link that was never mailed verifies nothing and says what to do', async () => {
  const page = await aVisitor()
  await page.goto('/verify-email?token=made.up.token')
  await press(page, 'Verify my address')
  expect(await alert(page)).toBe('This link is not valid any more.')
  await page.getByRole('link', { name: 'Log in' }).last().click()
  await logIn(page, stack.endpoints.user)
  await page.getByText(/Your address .* is verified: there is nothing left to do/).waitFor()
})
