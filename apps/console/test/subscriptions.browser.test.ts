import { readFile } from 'node:fs/promises'
import type { RunningStack } from '@tollgate/local/stack'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { mailedLink } from './mailed-link.ts'
import { alert, heading, logIn, payByCard, press } from './on-the-page.ts'
import { startThrowawayStack } from './running-stack.ts'

const PATIENCE_MS = 30_000
const ada = { email: 'ada@example.com', username: 'ada', password: 'correct horse battery' }

const started = new AsyncDisposableStack()
/** Shared by all tests to cache the page's files; each visitor starts without cookies. */
let context: BrowserContext
let stack: RunningStack

beforeAll(async () => {
  const browser = await startChromium()
  started.defer(() => browser.close())
  stack = started.use(await startThrowawayStack())
  context = await browser.newContext({ baseURL: stack.endpoints.web, locale: 'en-US', timezoneId: 'UTC' })
})

afterAll(() => started.disposeAsync())

/** A page of a visitor the backend does not know. */
async function aVisitor(): Promise<Page> {
  await context.clearCookies()
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  return page
}

/** The value of an entry in the page's list of facts. */
const factOn = (page: Page, term: string) =>
  page.locator('.facts div').filter({ hasText: term }).locator('dd').innerText()

const followOn = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click()

test('a visitor becomes a paying subscriber and still is one after a reload', async () => {
  const page = await aVisitor()
  const problems: string[] = []
  const look = async () => problems.push(...(await problemsOn(page)))

  await page.goto('/signup')
  await heading(page, 'Sign up')
  await page.getByLabel('Email address').fill(ada.email)
  await page.getByLabel('Username').fill(ada.username)
  await page.getByLabel('Password').fill('short')
  await press(page, 'Sign up')
  expect(await alert(page)).toBe('Password must be at least 8 characters long.')
  await look()
  await page.getByLabel('Password').fill(ada.password)
  await press(page, 'Sign up')
  await heading(page, 'Check your inbox')

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
  await page.getByText("You don't have a subscription.").waitFor()
  await page.getByRole('link', { name: 'See the plans' }).click()

  await heading(page, 'Plans')
  await page.getByText('$19.00').waitFor()
  await look()
  await press(page, 'Choose Pro')

  await payByCard(page, { at: stack.endpoints.stripe })
  await page.waitForURL(/\/checkout\/success\?session_id=/)
  await heading(page, "You're on Pro")
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
  expect(problems).toEqual([])

  await press(page, 'Log out')
  await heading(page, 'Welcome')
  await page.goto('/subscription')
  await heading(page, 'Log in')
})

test('the page after checkout does not trust its URL', async () => {
  const page = await aVisitor()
  await page.goto('/checkout/success?session_id=cs_test_made_up')
  await logIn(page, stack.endpoints.user)
  await heading(page, 'Your payment')
  expect(await alert(page)).toContain('We could not find this payment.')
})

test('the login page does not redirect to another site', async () => {
  const page = await aVisitor()
  await page.goto(`/login?redirectTo=${encodeURIComponent('/.//elsewhere.example/')}&error=OAUTH_DENIED`)
  expect(await alert(page)).toBe('You did not allow the login, so nothing has changed.')
  await logIn(page, stack.endpoints.user)
  await heading(page, 'My subscription')
  expect(page.url()).toBe(`${stack.endpoints.web}/subscription`)
})

test('a forged verification link verifies nothing and explains what to do', async () => {
  const page = await aVisitor()
  await page.goto('/verify-email?token=made.up.token')
  await press(page, 'Verify my address')
  expect(await alert(page)).toBe('This link is no longer valid.')
  await page.getByRole('link', { name: 'Log in' }).last().click()
  await logIn(page, stack.endpoints.user)
  await page.getByText(/Your address .* is already verified/).waitFor()
})

test('a user upgrades at the price shown, schedules and drops a downgrade, cancels, and resumes', async () => {
  const page = await aVisitor()
  const fact = (term: string) => factOn(page, term)
  const follow = (name: string) => followOn(page, name)
  const problems: string[] = []
  const look = async () => problems.push(...(await problemsOn(page)))

  await page.goto('/plans')
  await page.getByRole('link', { name: 'Choose Pro' }).click()
  await logIn(page, stack.endpoints.user)
  await press(page, 'Choose Free')
  await page.waitForURL(`${stack.endpoints.stripe}/**`)
  await page.locator('[type=submit]').click()
  await heading(page, "You're on Free")
  await follow('My subscription and payments')
  await page.getByText('No payments yet.').waitFor()

  // A free plan has no card to charge, so the first paid plan is bought on the checkout page.
  await follow('Change plan')
  await follow('Change to Pro')
  await page.getByText('we have no card to charge').waitFor()
  await look()
  await press(page, 'Go to checkout')
  await page.waitForURL(`${stack.endpoints.stripe}/**`)
  await page.goto('/checkout/canceled')
  await page.getByText('Nothing was charged. You still have Free.').waitFor()
  await look()
  await follow('See the plans')
  await follow('Change to Pro')
  await press(page, 'Go to checkout')
  await payByCard(page, { at: stack.endpoints.stripe })
  await heading(page, "You're on Pro")
  await look()

  // The user pays the price shown.
  await moveTime({ days: 10 })
  await page.goto('/plans')
  await look()
  await follow('Change to VIP')
  await heading(page, 'Change your plan')
  const due = await fact('Due now')
  expect(due).toMatch(/^\$(19|20)\.\d\d$/)
  expect(await fact('Takes effect')).toBe('Immediately')
  expect(await fact('Price')).toBe('$49.00 a month')
  await look()
  await press(page, `Pay ${due} and change`)
  await heading(page, "You're on VIP")
  await page.getByText(`You paid ${due}.`).waitFor()
  await follow('My subscription and payments')
  await page.getByRole('row').filter({ hasText: due }).getByText('Paid').waitFor()

  // A downgrade waits, costs nothing, and can be dropped.
  await follow('Change plan')
  await follow('Change to Pro')
  await page.getByText('Nothing is charged now.').waitFor()
  expect(await fact('Due now')).toBe('$0.00')
  await look()
  await page.getByRole('button', { name: /^Change on / }).click()
  await heading(page, 'Your plan will change to Pro')
  await follow('My subscription and payments')
  await page.getByText(/your plan changes to Pro: \$19\.00 a month/).waitFor()
  await look()
  await press(page, 'Stay on VIP')
  await page.getByText('You stay on VIP.').waitFor()
  await page.getByText(/It renews on /).waitFor()

  await press(page, 'Cancel subscription…')
  const question = page.getByRole('dialog', { name: 'Cancel VIP?' })
  await question.getByText(/^You keep VIP until /).waitFor()
  await look()
  await press(page, 'Yes, cancel it')
  await page.getByText('Your subscription has been canceled.').waitFor()
  await page.getByText(/You keep access until .* and won't be charged again/).waitFor()
  await look()
  await press(page, 'Keep my subscription')
  await page.getByText('Your subscription continues.').waitFor()

  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download all as CSV')])
  const csv = await readFile(await download.path(), 'utf8')
  expect(download.suggestedFilename()).toMatch(/^payments-\d{4}-\d\d-\d\d\.csv$/)
  expect(csv.trim().split('\n')).toHaveLength(3)
  expect(csv).toContain(due.replace('$', ''))

  await press(page, 'Cards and invoices')
  await page.waitForURL(`${stack.endpoints.stripe}/**`)
  await press(page, 'Cancel subscription')
  await page.getByRole('link', { name: 'Return' }).click()
  await page.getByText('Welcome back.').waitFor()
  await page.getByText('Ends soon').waitFor()
  expect(problems).toEqual([])
})

async function moveTime(by: { days: number }): Promise<void> {
  const response = await fetch(`${stack.endpoints.stripe}/_/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(by),
  })
  expect(response.ok).toBe(true)
}
