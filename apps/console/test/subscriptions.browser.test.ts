import { readFile } from 'node:fs/promises'
import type { RunningStack } from '@tollgate/local/stack'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { unsteadyOf } from './layout-shift.ts'
import { mailedLink } from './mailed-link.ts'
import { alert, closeDuring, heading, logIn, payByCard, press } from './on-the-page.ts'
import { replaceACard } from './own-cards.ts'
import { tryCodes } from './own-code.ts'
import { fillInBillingDetails } from './own-details.ts'
import { startThrowawayStack } from './running-stack.ts'
import { testVisitors } from './visitors.ts'

const PATIENCE_MS = 30_000
const ada = { email: 'ada@example.com', username: 'ada', password: 'correct horse battery' }

const started = new AsyncDisposableStack()
/** Shared by all tests to cache the page's files; each visitor starts without cookies. */
let context: BrowserContext
let browser: Browser
let stack: RunningStack

beforeAll(async () => {
  browser = await startChromium()
  started.defer(() => browser.close())
  stack = started.use(await startThrowawayStack())
  context = await browser.newContext({
    baseURL: stack.endpoints.web,
    locale: 'en-US',
    timezoneId: 'UTC',
    bypassCSP: true,
  })
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

testVisitors(() => ({ browser, stack }))

test('a visitor becomes a paying subscriber and still is one after a reload', async () => {
  const page = await aVisitor()
  const problems: string[] = []
  const look = async () => problems.push(...(await problemsOn(page)))

  await page.goto('/plans')
  await page.getByText('$19.00').waitFor()
  await page.getByText('Recommended').waitFor()
  await look()
  await page.getByRole('link', { name: 'Choose Pro' }).click()
  await heading(page, 'Sign up')
  await page.getByText('You chose Pro: $19.00 a month.').waitFor()
  await press(page, 'Sign up')
  expect(await page.getByRole('alert').allInnerTexts()).toEqual([
    'Email address is missing.',
    'Username is missing.',
    'Password is missing.',
  ])
  await look()
  await page.getByLabel('Email address').fill(ada.email)
  await page.getByLabel('Username').fill(ada.username)
  await page.getByLabel('Username').fill('a b')
  await page.getByLabel('Password').fill('short')
  await press(page, 'Sign up')
  expect(await page.getByRole('alert').allInnerTexts()).toEqual([
    'Username may contain only letters, digits, and the characters _ . -.',
    'Password must be at least 8 characters long.',
  ])
  await page.getByLabel('Username').fill(ada.username)
  await page.getByLabel('Password').fill('Password123')
  await press(page, 'Sign up')
  expect(await alert(page)).toBe('Password is one of the most common passwords; choose another.')
  await page.getByLabel('Password').fill(ada.password)
  await press(page, 'Sign up')

  // The sign-up has logged in, and the choice is not lost. The mail may be opened on another device.
  await heading(page, 'Subscribe to Pro')
  await page.getByText('This page continues by itself').waitFor()
  await page.locator('h1:focus').waitFor() // the form that had the focus is gone
  await look()
  const phone = await (await browser.newContext({ baseURL: stack.endpoints.web, bypassCSP: true })).newPage()
  await phone.goto(await mailedLink(stack.endpoints.mail, { to: ada.email, page: '/verify-email' }))
  await heading(phone, 'Verify your address')
  problems.push(...(await problemsOn(phone)))
  await press(phone, 'Verify my address')
  await heading(phone, 'Your address is verified')
  await page.getByRole('button', { name: 'Continue to payment' }).waitFor() // without a reload
  await phone.getByRole('link', { name: 'Log in to continue' }).click()
  await phone.getByText('You chose Pro: $19.00 a month.').waitFor()
  await logIn(phone, ada)
  await heading(phone, 'Subscribe to Pro')
  await phone.context().close()

  await page.goto('/subscription')
  await heading(page, 'Log in') // the phone's login has ended this session
  await page.getByText('You logged in on another device, which logged you out here.').waitFor()
  await logIn(page, ada)
  await heading(page, 'My subscription')
  await page.getByText("You don't have a subscription.").waitFor()
  const otherTab = await context.newPage()
  await otherTab.goto('/subscription')
  await otherTab.getByText("You don't have a subscription.").waitFor()
  await page.goto('/subscribe/pro')
  await press(page, 'Continue to payment')
  await page.waitForURL(`${stack.endpoints.stripe}/**`)
  await page.goBack()
  await press(page, 'Continue to payment') // the back button brings back a page that works

  await payByCard(page, { at: stack.endpoints.stripe })
  await page.waitForURL(/\/checkout\/success\?session_id=/)
  await heading(page, "You're on Pro")
  await page.getByText('Thank you. Your payment went through.').waitFor()
  await otherTab.getByText('Visa ending in 4242').waitFor() // without a reload
  await otherTab.close()
  const pdf = page.getByRole('link', { name: 'Download the invoice (PDF)' })
  await pdf.waitFor()
  await look()
  const [invoice] = await Promise.all([page.waitForEvent('download'), pdf.click()])
  expect((await readFile(await invoice.path(), 'latin1')).slice(0, 5)).toBe('%PDF-')
  await page.getByRole('link', { name: 'Continue', exact: true }).click()
  await heading(page, 'Hello, ada')
  await look()
  await page.getByRole('link', { name: 'Manage the subscription' }).click()
  const showsThePaidPlan = async () => {
    await heading(page, 'My subscription')
    const plan = page.getByRole('region', { name: 'Your plan' })
    await plan.getByText('Active', { exact: true }).waitFor()
    await plan.getByText('$19.00 a month').waitFor()
    const payment = page.getByRole('row').filter({ hasText: '$19.00' })
    await payment.getByText('Paid').waitFor()
    await payment.getByText('Pro', { exact: true }).waitFor()
    await page.getByText('Visa ending in 4242').waitFor()
    await page.getByText('Expires 12/2034').waitFor()
    expect(await payment.getByRole('link', { name: /^View the invoice of/ }).getAttribute('href')).toContain(
      stack.endpoints.stripe,
    )
  }
  await showsThePaidPlan()
  await page.reload()
  await showsThePaidPlan()
  await look()

  await followOn(page, 'Billing details')
  problems.push(...(await fillInBillingDetails(page)))
  expect(problems).toEqual([])

  // Nothing moves while a page loads, on a phone and in a wide window.
  const pages = [
    '/subscription',
    '/plans?period=yearly',
    '/profile',
    '/',
    '/subscription/details',
    '/plans',
    '/password',
    '/sessions',
    '/members',
  ]
  expect(await unsteadyOf(page, pages)).toEqual([])
  await page.setViewportSize({ width: 390, height: 800 })
  await press(page, 'Menu')
  await press(page, 'Log out')
  await heading(page, 'Welcome')
  await page.goto('/subscription')
  await heading(page, 'Log in')
})

test('a user upgrades at the price shown, schedules and drops a downgrade, cancels, and resumes', async () => {
  const page = await aVisitor()
  const fact = (term: string) => factOn(page, term)
  const follow = (name: string) => followOn(page, name)
  const problems: string[] = []
  const look = async () => problems.push(...(await problemsOn(page)))

  await page.goto('/plans')
  await page.getByRole('link', { name: 'Choose Free' }).click()
  await page.getByRole('main').getByRole('link', { name: 'Log in' }).click()
  await logIn(page, stack.endpoints.user)
  await heading(page, 'Subscribe to Free')
  await press(page, 'Continue')
  await page.waitForURL(`${stack.endpoints.stripe}/**`)
  await page.locator('[type=submit]').click()
  await heading(page, "You're on Free")
  await follow('My subscription and payments')
  await page.getByText('No payments yet.').waitFor()

  // A free plan has no card to charge, so the first paid plan is bought on the checkout page.
  await follow('Change plan')
  await follow('Upgrade to Pro')
  await page.getByText('we have no card to charge').waitFor()
  await look()
  await press(page, 'Go to checkout')
  await page.waitForURL(`${stack.endpoints.stripe}/**`)
  await page.goto('/checkout/canceled')
  await page.getByText('Nothing was charged. You still have Free.').waitFor()
  await look()
  await page.goto('/checkout/canceled?declined=true')
  await page.getByText('The card was declined. Nothing was charged.').waitFor()
  await follow('See the plans')
  await follow('Upgrade to Pro')
  await press(page, 'Go to checkout')
  await payByCard(page, { at: stack.endpoints.stripe })
  await heading(page, "You're on Pro")
  await look()

  // The user pays the price shown.
  await moveTime({ days: 10 })
  await page.goto('/plans')
  await look()
  await follow('Upgrade to VIP')
  await heading(page, 'Change your plan')
  await tryCodes(page, stack)
  const due = await fact('Due now')
  expect(due).toMatch(/^\$(19|20)\.\d\d$/)
  expect([await fact('Takes effect'), await fact('Price')]).toEqual(['Immediately', '$49.00 a month'])
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
  await page.getByText(/Your plan renews on /).waitFor()

  await press(page, 'Cancel subscription…')
  const question = page.getByRole('dialog', { name: 'Cancel VIP?' })
  await question.getByText(/^You keep VIP until /).waitFor()
  await look()
  await closeDuring(page, { call: 'billing.subscriptions.cancel', yes: 'Yes, cancel it', no: 'Go back' })
  await page.getByText('Your subscription has been canceled.').waitFor()
  await page.getByText(/Ends on .* You keep access until then and won't be charged again/).waitFor()
  await look()
  await page.goto('/plans')
  await page.getByText('Undo your cancellation to change plans.').first().waitFor()
  expect(await page.getByRole('button', { name: 'Change to Pro' }).isDisabled()).toBe(true)
  await look()
  await page.goBack()
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

test('a customer of a provider without a portal replaces the card that failed', async () => {
  const page = await aVisitor()
  expect(await replaceACard({ endpoints: stack.endpoints, page })).toEqual([])
})

async function moveTime(by: { days: number }): Promise<void> {
  const response = await fetch(`${stack.endpoints.stripe}/_/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(by),
  })
  expect(response.ok).toBe(true)
}
