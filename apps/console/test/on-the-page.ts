import type { Browser, Page, Route } from 'playwright-core'
import { keepPicture } from './keep-picture.ts'

/** A busy machine needs many seconds for a page. */
const PATIENCE_MS = 60_000

/** A page on a new device, without a login. `web` is the console's URL. */
export async function aDevice(browser: Browser, web: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: web, locale: 'en-US', timezoneId: 'UTC', bypassCSP: true })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  return page
}

/** Waits for a page by its heading; the error shows what is on the page instead. */
export async function heading(page: Page, name: string): Promise<void> {
  await orShow(page, `heading “${name}”`, page.getByRole('heading', { level: 1, name }).waitFor())
  await keepPicture(page)
}

/** Presses a button; the error shows what is on the page instead. */
export async function press(page: Page, name: string): Promise<void> {
  await orShow(page, `button “${name}”`, page.getByRole('button', { name, exact: true }).click())
}

/**
 * Confirms a question, and tries to close it while the call is underway. It must stay open, so that it can show the
 * outcome.
 */
export async function closeDuring(page: Page, { call, yes, no }: Closing): Promise<void> {
  const answered = Promise.withResolvers<void>()
  const hold = async (route: Route) => {
    await answered.promise
    await route.continue()
  }
  await page.route(`**/${call}?*`, hold, { times: 1 })
  await press(page, yes)
  await page.locator('[role=dialog] button[aria-busy=true]', { hasText: yes }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: no, exact: true }).click({ force: true })
  answered.resolve()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

interface Closing {
  /** The procedure. */
  call: string
  yes: string
  no: string
}

async function orShow(page: Page, what: string, found: Promise<void>): Promise<void> {
  try {
    await found
  } catch (cause) {
    const text = await page.locator('body').innerText()
    throw new Error(`No ${what} on ${page.url()}, which says:\n${text}`, { cause })
  }
}

export const alert = (page: Page) => page.getByRole('alert').first().innerText()

/** Waits for the login page and logs in. */
export async function logIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await heading(page, 'Log in')
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password').fill(password)
  await press(page, 'Log in')
}

/** Waits for the provider's checkout page and pays with one of its test cards. */
export async function payByCard(page: Page, { at, card = '4242 4242 4242 4242' }: PayByCard): Promise<void> {
  await page.waitForURL(`${at}/**`)
  await page.locator('[autocomplete=cc-number]').fill(card)
  await page.locator('[autocomplete=cc-exp]').fill('12 / 34')
  await page.locator('[autocomplete=cc-csc]').fill('123')
  await page.locator('[autocomplete=cc-name]').fill('Ada Lovelace')
  await page.locator('[type=submit]').click()
}

interface PayByCard {
  /** The provider's base URL. */
  at: string
  card?: string
}
