import { createTollgateClient } from '@tollgate/client'
import type { Endpoints } from '@tollgate/local/endpoints'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { mailedLink } from './mailed-link.ts'
import { heading, logIn, press } from './on-the-page.ts'

const mona = { email: 'mona@example.com', username: 'mona', password: 'correct horse battery' }
/** It pays once. Every renewal is declined. */
const FADING = '4000 0000 0000 0341'
const GOOD = '4111 1111 1111 1111'

interface OwnCards {
  endpoints: Readonly<Endpoints>
  page: Page
}

/**
 * A customer of a provider without a portal replaces a card whose renewal failed, and is charged to the new one. Returns
 * what is not accessible.
 */
export async function replaceACard({ endpoints, page }: OwnCards): Promise<string[]> {
  const problems: string[] = []
  const look = async () => problems.push(...(await problemsOn(page)))
  const follow = (name: string) => page.getByRole('link', { name, exact: true }).click()
  const addCard = async (card: string) => {
    await page.waitForURL(`${endpoints.paymob}/**`)
    await page.getByRole('button', { name: card }).click()
  }
  const { api } = createTollgateClient({ url: endpoints.api, cookies: 'memory' })
  await api.auth.register.mutate(mona)

  await page.goto(await mailedLink(endpoints.mail, { to: mona.email, page: '/verify-email' }))
  await press(page, 'Verify my address')
  await page.goto('/subscribe/pro-egp')
  await logIn(page, mona)
  await press(page, 'Continue to payment')
  await addCard(FADING)
  await page.getByText('Thank you. Your payment went through.').waitFor()

  await moveTime(endpoints, { days: 31 })
  await expect.poll(() => statusOn(page), { timeout: 30_000 }).toBe('Payment failed')
  await heading(page, 'My subscription')
  await look()
  await follow('Use another card')
  await heading(page, 'My cards')
  await page.getByText(/It is tried again on .* with the primary card/).waitFor()
  await page.getByText(/To remove it, add another one first/).waitFor()
  await look()

  await press(page, 'Add a card')
  await page.waitForURL(`${endpoints.paymob}/**`)
  await page.getByRole('button', { name: 'Decline', exact: true }).click()
  await page.getByText('The card was declined. Nothing has changed.').waitFor()
  await press(page, 'Add a card')
  await addCard(GOOD)
  await page.getByText('Your new card is now the primary one.').waitFor()
  await look()
  await page.getByRole('button', { name: /^Make primary: Card ending in 0341/ }).click()
  await page.getByText('Your subscription is now charged to this card: Card ending in 0341.').waitFor()
  await page.getByRole('button', { name: /^Make primary: Card ending in 1111/ }).click()
  await page.getByText('Your subscription is now charged to this card: Card ending in 1111.').waitFor()
  await page.getByRole('button', { name: /^Remove: Card ending in 0341/ }).click()
  await look()
  await press(page, 'Yes, remove it')
  await page.getByText('Removed: Card ending in 0341.').waitFor()

  await moveTime(endpoints, { days: 4 })
  await expect.poll(() => statusOn(page), { timeout: 30_000 }).toBe('Active')
  await page.getByText('Card ending in 1111').waitFor()
  await look()
  return problems
}

/** The status of the subscription on its page, which is loaded again: the backend learns of a payment by callbacks. */
async function statusOn(page: Page): Promise<string> {
  await page.goto('/subscription')
  return page.locator('.subscription-head .badge').innerText()
}

/** The sandbox's time, and that of everything that follows it. */
async function moveTime({ paymob }: Readonly<Endpoints>, by: { days: number }): Promise<void> {
  const response = await fetch(`${paymob}/_/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(by),
  })
  expect(response.ok).toBe(true)
}
