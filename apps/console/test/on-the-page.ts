import type { Page } from 'playwright-core'
import { keepPicture } from './keep-picture.ts'

/** Waits for a page by its heading; when it does not come, says what is there instead. */
export async function heading(page: Page, name: string): Promise<void> {
  try {
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await keepPicture(page)
  } catch (cause) {
    throw new Error(`“${name}” did not come; ${page.url()} says:\n${await page.locator('body').innerText()}`, { cause })
  }
}

export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

export const alert = (page: Page) => page.getByRole('alert').first().innerText()

/** Logs in on the page for it, once that is there. */
export async function logIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await heading(page, 'Log in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await press(page, 'Log in')
}

/** Pays on the provider's hosted page, once that is there; the card may be one of its test cards. */
export async function payByCard(page: Page, { at, card = '4242 4242 4242 4242' }: PayByCard): Promise<void> {
  await page.waitForURL(`${at}/**`)
  await page.locator('[autocomplete=cc-number]').fill(card)
  await page.locator('[autocomplete=cc-exp]').fill('12 / 34')
  await page.locator('[autocomplete=cc-csc]').fill('123')
  await page.locator('[autocomplete=cc-name]').fill('Ada Lovelace')
  await page.locator('[type=submit]').click()
}

interface PayByCard {
  /** The provider's base address. */
  at: string
  card?: string
}
