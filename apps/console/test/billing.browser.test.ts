import { readFile } from 'node:fs/promises'
import type { RunningStack } from '@tollgate/local/stack'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { aDevice, heading, logIn, payByCard, press } from './on-the-page.ts'
import { startThrowawayStack } from './running-stack.ts'

const started = new AsyncDisposableStack()
let page: Page
let stack: RunningStack

beforeAll(async () => {
  const browser = await startChromium()
  started.defer(() => browser.close())
  stack = started.use(await startThrowawayStack())
  page = await aDevice(browser, stack.endpoints.web)
})

afterAll(() => started.disposeAsync())

/** The value of an entry in the page's list of facts. */
const fact = (term: string) => page.locator('.facts div').filter({ hasText: term }).locator('dd').innerText()

const follow = (name: string) => page.getByRole('link', { name, exact: true }).click()

test('a user upgrades at the price shown, schedules and drops a downgrade, cancels, and resumes', async () => {
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
