import type { RunningStack } from '@tollgate/local/stack'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { barriersOn } from './accessibility.ts'
import { alert, heading, press } from './on-the-page.ts'
import { startThrowawayStack } from './running-stack.ts'

const PATIENCE = 20_000

const started = new AsyncDisposableStack()
let browser: Browser
let stack: RunningStack

beforeAll(async () => {
  browser = await startChromium()
  started.defer(() => browser.close())
  stack = started.use(await startThrowawayStack())
})

afterAll(() => started.disposeAsync())

/** A window of a device that nobody has logged in with. */
async function aDevice(): Promise<Page> {
  const context = await browser.newContext({ baseURL: stack.endpoints.web, locale: 'en-US', timezoneId: 'UTC' })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE)
  return page
}

const continueWith = (page: Page, provider: string) =>
  page.getByRole('link', { name: `Continue with ${provider}` }).click()

test('a person with a Google account is in with two clicks, and where they wanted to be', async () => {
  const page = await aDevice()
  const barriers: string[] = []
  await page.goto('/profile')
  await heading(page, 'Log in')
  barriers.push(...(await barriersOn(page)))
  await continueWith(page, 'Google')
  await heading(page, 'Log in with Google')
  barriers.push(...(await barriersOnSandbox(page)))
  await press(page, 'Continue')
  await heading(page, 'Profile')

  expect(await page.getByLabel('First name').inputValue()).toBe('Ada')
  expect(new URL(page.url()).search).toBe('')
  await page.reload()
  await heading(page, 'Profile')
  expect(barriers).toEqual([])
})

test('a person with a GitHub account signs up with it, and logs in with it on another device', async () => {
  const [phone, laptop] = [await aDevice(), await aDevice()]
  await phone.goto('/signup')
  await continueWith(phone, 'GitHub')
  await phone.getByLabel('Another one, described below').check()
  await phone.getByLabel('Login', { exact: true }).fill('octo-katherine')
  await phone.getByLabel('Name', { exact: true }).fill('Katherine Johnson')
  await phone.getByLabel('E-mail address', { exact: true }).fill('katherine@example.com')
  await press(phone, 'Continue')
  await heading(phone, 'Plans')

  await laptop.goto('/login?redirectTo=%2Fprofile')
  await continueWith(laptop, 'GitHub')
  await laptop.getByText('octo-katherine, katherine@example.com').click() // the sandbox remembers who was there
  await press(laptop, 'Continue')
  await heading(laptop, 'Profile')
  expect(await laptop.getByLabel('Last name').inputValue()).toBe('Johnson')
  await laptop.getByText('katherine@example.com', { exact: true }).waitFor()
})

test('a person links another account on the profile page, sees it there, and unlinks it', async () => {
  const page = await aDevice()
  await page.goto('/login?redirectTo=%2Fprofile')
  await continueWith(page, 'Google')
  await page.getByText('alan, alan@gmail.example').click()
  await press(page, 'Continue')
  const accounts = page.getByRole('list', { name: 'Linked accounts' })
  await accounts.getByText('alan@gmail.example').waitFor()

  await press(page, 'Link GitHub')
  await heading(page, 'Log in with GitHub')
  await press(page, 'Cancel')
  await heading(page, 'Profile')
  expect(await alert(page)).toContain('You did not allow the log-in')
  await press(page, 'Link GitHub')
  await page.getByText('octo-linus, no e-mail address').click()
  await press(page, 'Continue')
  await accounts.getByText('No address').waitFor()
  expect(await barriersOn(page)).toEqual([])

  await press(page, 'Unlink GitHub')
  await page.getByRole('button', { name: 'Link GitHub' }).waitFor()
  await accounts.getByText('alan@gmail.example').waitFor()
})

test('whoever is not let in is told why, on the log-in page', async () => {
  const page = await aDevice()
  await page.goto('/login')
  await continueWith(page, 'GitHub')
  await press(page, 'Cancel')
  await heading(page, 'Log in')
  expect(await alert(page)).toContain('You did not allow the log-in')

  await continueWith(page, 'Google')
  await page.getByText('eve, eve@gmail.example, not verified').click()
  await press(page, 'Continue')
  await heading(page, 'Log in')
  expect(await alert(page)).toContain('not verified there')

  await page.goto(`${stack.endpoints.api}/auth/social/callback/google?state=forged&code=forged`)
  await heading(page, 'Log in')
  expect(await alert(page)).toContain('too old, or was begun in another browser')
})

test('a callback that somebody sends to another browser opens nothing there', async () => {
  const [attacker, victim] = [await aDevice(), await aDevice()]
  await attacker.goto('/login')
  await continueWith(attacker, 'Google')
  await heading(attacker, 'Log in with Google')
  const answer = await fetch(attacker.url(), {
    method: 'POST',
    body: new URLSearchParams({ login: 'attacker', email: 'attacker@example.com', decision: 'allow' }),
    redirect: 'manual',
  })
  const stolen = answer.headers.get('location') ?? ''
  expect(stolen).toContain('code=')

  await victim.goto(stolen)
  await heading(victim, 'Log in')
  expect(await alert(victim)).toContain('begun in another browser')
  expect((await victim.context().cookies()).map(({ name }) => name)).not.toContain('refresh_token')
  await attacker.goto(stolen)
  await heading(attacker, 'My subscription')
})

/** The sandbox's page allows no script at all, so that the checker has to be let in past its rules. */
async function barriersOnSandbox(page: Page): Promise<string[]> {
  const content = await page.content()
  const copy = await page.context().newPage()
  await copy.setContent(content)
  const barriers = await barriersOn(copy)
  await copy.close()
  return barriers
}
