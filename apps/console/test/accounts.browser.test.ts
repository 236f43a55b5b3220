import type { RunningStack } from '@tollgate/local/stack'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { aDevice, alert, heading, press } from './on-the-page.ts'
import { followAnAccount } from './own-account.ts'
import { startThrowawayStack } from './running-stack.ts'
import { followATeam } from './team.ts'

const started = new AsyncDisposableStack()
let browser: Browser
let stack: RunningStack

beforeAll(async () => {
  browser = await startChromium()
  started.defer(() => browser.close())
  stack = started.use(await startThrowawayStack({ SESSION_POLICY: 'multiple', SUPPORT_EMAIL: 'help@example.com' }))
})

afterAll(() => started.disposeAsync())

const onADevice = () => aDevice(browser, stack.endpoints.web)

const continueWith = (page: Page, provider: string) =>
  page.getByRole('link', { name: `Continue with ${provider}` }).click()

test('a user signs up, changes everything about the account, and deactivates it', async () => {
  expect(await followAnAccount({ endpoints: stack.endpoints, onADevice })).toEqual([])
})

test('a user logs in with Google in two clicks and lands on the page they asked for', async () => {
  const page = await onADevice()
  const problems: string[] = []
  await page.goto('/profile')
  await heading(page, 'Log in')
  problems.push(...(await problemsOn(page)))
  await continueWith(page, 'Google')
  await heading(page, 'Log in with Google')
  problems.push(...(await problemsOnSandbox(page)))
  await press(page, 'Continue')
  await heading(page, 'Profile')

  expect(await page.getByLabel('First name').inputValue()).toBe('Ada')
  expect(await page.locator('img.avatar').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(80)
  expect(new URL(page.url()).search).toBe('')
  await page.reload()
  await heading(page, 'Profile')

  // An account from Google has no password yet, and gets one by mail.
  await page.getByRole('link', { name: 'Password', exact: true }).click()
  await page.getByText('You log in with Google, so your account has no password.').waitFor()
  problems.push(...(await problemsOn(page)))
  await press(page, 'Send me a link to set one')
  await page.getByText('Open it to set your password.').waitFor()

  // What needs a password first says so, and how to get one.
  await page.getByRole('main').getByRole('link', { name: 'Profile', exact: true }).click()
  await press(page, 'Change address')
  await page.getByText('To change your address, set a password first.').waitFor()
  await page.getByRole('button', { name: 'Send me a link to set one' }).waitFor()
  await page.getByText('If you disconnect it, log in with a code by email, or set a password first.').waitFor()
  problems.push(...(await problemsOn(page)))
  expect(problems).toEqual([])
})

test('a user signs up with GitHub and logs in with it on another device', async () => {
  const [phone, laptop] = [await onADevice(), await onADevice()]
  await phone.goto('/signup')
  await continueWith(phone, 'GitHub')
  await phone.getByLabel('Another account').check()
  await phone.getByLabel('Login', { exact: true }).fill('octo-katherine')
  await phone.getByLabel('Name', { exact: true }).fill('Katherine Johnson')
  await phone.getByLabel('Email address', { exact: true }).fill('katherine@example.com')
  await press(phone, 'Continue')
  await heading(phone, 'Hello, octo-katherine')

  await laptop.goto('/login?redirectTo=%2Fprofile')
  await continueWith(laptop, 'GitHub')
  await laptop.getByText('octo-katherine, katherine@example.com').click() // the sandbox remembers the account
  await press(laptop, 'Continue')
  await heading(laptop, 'Profile')
  expect(await laptop.getByLabel('Last name').inputValue()).toBe('Johnson')
  await laptop.getByText('katherine@example.com', { exact: true }).waitFor()
})

test('a user links a GitHub account on the profile page, sees it there, and unlinks it', async () => {
  const page = await onADevice()
  await page.goto('/login?redirectTo=%2Fprofile')
  await continueWith(page, 'Google')
  await page.getByText('alan, alan@gmail.example').click()
  await press(page, 'Continue')
  const accounts = page.getByRole('list', { name: 'Connected accounts' })
  await accounts.getByText('alan@gmail.example').waitFor()

  await press(page, 'Connect GitHub')
  await heading(page, 'Log in with GitHub')
  await press(page, 'Cancel')
  await heading(page, 'Profile')
  expect(await alert(page)).toContain('You did not allow the login')
  await press(page, 'Connect GitHub')
  await page.getByText('octo-linus, no email address').click()
  await press(page, 'Continue')
  await accounts.getByText('No email address').waitFor()
  expect(await problemsOn(page)).toEqual([])

  await press(page, 'Disconnect GitHub')
  await press(page, 'Yes, disconnect it')
  await page.getByRole('button', { name: 'Connect GitHub' }).waitFor()
  await accounts.getByText('alan@gmail.example').waitFor()
})

test('the login page explains why a login with a provider failed', async () => {
  const page = await onADevice()
  await page.goto('/login')
  await continueWith(page, 'GitHub')
  await press(page, 'Cancel')
  await heading(page, 'Log in')
  expect(await alert(page)).toContain('You did not allow the login')

  await continueWith(page, 'Google')
  await page.getByText('eve, eve@gmail.example, not verified').click()
  await press(page, 'Continue')
  await heading(page, 'Log in')
  expect(await alert(page)).toContain('not verified there')

  await page.goto(`${stack.endpoints.api}/auth/social/callback/google?state=forged&code=forged`)
  await heading(page, 'Log in')
  expect(await alert(page)).toContain('took too long, or was started in another browser')
})

test('a callback URL sent to another browser does not log that browser in', async () => {
  const [attacker, victim] = [await onADevice(), await onADevice()]
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
  expect(await alert(victim)).toContain('started in another browser')
  expect((await victim.context().cookies()).map(({ name }) => name)).not.toContain('refresh_token')
  await attacker.goto(stolen)
  await attacker.getByRole('heading', { name: /^Hello, / }).waitFor()
})

test('an owner builds a team and buys a plan; a teammate joins, sees it, and is removed', async () => {
  expect(await followATeam({ endpoints: stack.endpoints, onADevice })).toEqual([])
})

/** The sandbox's content security policy allows no scripts, so check a copy of the page without the policy. */
async function problemsOnSandbox(page: Page): Promise<string[]> {
  const content = await page.content()
  const copy = await page.context().newPage()
  await copy.setContent(content)
  const problems = await problemsOn(copy)
  await copy.close()
  return problems
}
