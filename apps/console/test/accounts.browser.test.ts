import type { RunningStack } from '@tollgate/local/stack'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { mailedCode, mailedLink } from './mailed-link.ts'
import { aDevice, alert, heading, logIn, press } from './on-the-page.ts'
import { startThrowawayStack } from './running-stack.ts'
import { followATeam } from './team.ts'

const grace = { email: 'grace@example.com', username: 'grace', password: 'correct horse battery' }
const secondPassword = 'staple horse battery'
const thirdPassword = 'battery horse staple'
const newEmail = 'hopper@example.com'

const started = new AsyncDisposableStack()
let browser: Browser
let stack: RunningStack

beforeAll(async () => {
  browser = await startChromium()
  started.defer(() => browser.close())
  stack = started.use(await startThrowawayStack({ SESSION_POLICY: 'multiple' }))
})

afterAll(() => started.disposeAsync())

const onADevice = () => aDevice(browser, stack.endpoints.web)

const continueWith = (page: Page, provider: string) =>
  page.getByRole('link', { name: `Continue with ${provider}` }).click()

test('a user signs up, changes everything about the account, and deactivates it', async () => {
  const page = await onADevice()
  const inbox = stack.endpoints.mail
  const problems: string[] = []
  const look = async () => problems.push(...(await problemsOn(page)))

  await page.goto('/signup')
  await page.getByLabel('Email address').fill(grace.email)
  await page.getByLabel('Username').fill(grace.username)
  await page.getByLabel('Password').fill(grace.password)
  await press(page, 'Sign up')
  await page.goto(await mailedLink(inbox, { to: grace.email, page: '/verify-email' }))
  await press(page, 'Verify my address')
  await heading(page, 'Your address is verified')

  // Log in with a code, and return to the page asked for.
  await page.goto('/profile')
  await heading(page, 'Log in')
  await page.getByRole('link', { name: 'Log in with a code by email' }).click()
  await heading(page, 'Log in with a code')
  await look()
  await page.getByLabel('Email address').fill(grace.email)
  await press(page, 'Send me a code')
  await heading(page, 'Enter the code')
  const code = await mailedCode(inbox, { to: grace.email })
  await page.keyboard.type(code === '123 456' ? '654321' : '123456')
  await page.keyboard.press('Enter')
  expect(await alert(page)).toBe('This code is wrong or has expired. Check it, or request a new one.')
  await look()
  await page.getByLabel('Code').fill(code)
  await page.keyboard.press('Enter')
  await heading(page, 'Profile')

  // Change the profile.
  await page.getByLabel('First name').fill('Grace')
  await page.getByLabel('Last name').fill('Hopper')
  await page.getByLabel('Picture').fill('http://example.com/grace.png')
  await press(page, 'Save')
  expect(await alert(page)).toBe('Picture must be an https URL.')
  await page.getByLabel('Picture').fill('')
  await press(page, 'Save')
  await page.getByText('Saved.').waitFor()
  await look()

  // Change the password.
  await page.getByRole('link', { name: 'Password' }).click()
  await heading(page, 'Password')
  await page.getByLabel('Current password').fill('not my password')
  await page.getByLabel('New password').fill(secondPassword)
  await press(page, 'Change my password')
  expect(await alert(page)).toBe('Wrong password.')
  await look()
  await page.getByLabel('Current password').fill(grace.password)
  await press(page, 'Change my password')
  await heading(page, 'Your password has been changed')
  await look()

  // Reset the password on another device. Opening the link does not use it up; setting the password does.
  const other = await onADevice()
  await other.goto('/login')
  await other.getByRole('link', { name: 'Forgot your password?' }).click()
  await other.getByLabel('Email address').fill(grace.email)
  await press(other, 'Send me a link')
  await heading(other, 'Check your inbox')
  const resetLink = await mailedLink(inbox, { to: grace.email, page: '/reset-password' })
  await page.goto(resetLink)
  await heading(page, 'Set a new password')
  await other.goto(resetLink)
  await other.getByLabel('New password').fill('short')
  await press(other, 'Set my password')
  expect(await alert(other)).toBe('New password must be at least 8 characters long.')
  await other.getByLabel('New password').fill(thirdPassword)
  await press(other, 'Set my password')
  await other.getByText('Your new password is set. Log in with it.').waitFor()
  await page.getByLabel('New password').fill(secondPassword)
  await look()
  await press(page, 'Set my password')
  expect(await alert(page)).toBe('This link is no longer valid.')
  await page.getByRole('link', { name: 'Request a new link' }).waitFor()

  // The reset has ended the session on the first device, too.
  await page.goto('/profile')
  await logIn(page, { email: grace.email, password: thirdPassword })
  await heading(page, 'Profile')
  await page.locator('input[value=Grace]').waitFor()

  // Change the address. The link survives a login, and works only for the account that asked for it.
  await press(page, 'Change address')
  await page.keyboard.type(stack.endpoints.user.email)
  await page.getByLabel('Your password').fill(thirdPassword)
  await press(page, 'Send a confirmation link')
  expect(await alert(page)).toBe('An account with this address already exists.')
  await look()
  await page.getByLabel('New email address').fill(newEmail)
  await press(page, 'Send a confirmation link')
  await page.getByText(`We sent a link to ${newEmail}.`).waitFor()
  const confirmLink = await mailedLink(inbox, { to: newEmail, page: '/confirm-email' })
  await other.goto(confirmLink)
  await logIn(other, stack.endpoints.user)
  await press(other, 'Confirm my new address')
  expect(await alert(other)).toBe('This link is no longer valid.')
  await press(other, 'Log out')
  await page.goto(confirmLink)
  await heading(page, 'Confirm your new address')
  await look()
  await press(page, 'Confirm my new address')
  await heading(page, 'Your new address is confirmed')
  await page.getByRole('link', { name: 'See my profile' }).click()
  await page.getByText(newEmail).waitFor()

  // End the session of the other device, which is then logged out at once.
  await other.getByRole('link', { name: 'Log in' }).first().click()
  await logIn(other, { email: newEmail, password: thirdPassword })
  await heading(other, 'My subscription')
  await page.getByRole('link', { name: 'Sessions' }).click()
  await page.getByText('This device').waitFor()
  await look()
  await press(page, 'End Chrome on Linux')
  await page.getByText('You are logged in on this device only.').waitFor()
  await other.getByRole('link', { name: 'Account' }).click()
  await heading(other, 'Log in')

  // Deactivate the account, after closing the dialog once.
  await page.getByRole('link', { name: 'Profile' }).click()
  await press(page, 'Deactivate my account…')
  await page.getByRole('dialog', { name: 'Deactivate your account?' }).waitFor()
  await look()
  await page.keyboard.press('Escape')
  await press(page, 'Deactivate my account…')
  await press(page, 'Yes, deactivate it')
  await heading(page, 'Your account is deactivated')
  await look()
  await page.getByRole('link', { name: 'Log in' }).click()
  await logIn(page, { email: newEmail, password: thirdPassword })
  expect(await alert(page)).toBe('This account is disabled.')
  expect(problems).toEqual([])
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
  expect(new URL(page.url()).search).toBe('')
  await page.reload()
  await heading(page, 'Profile')
  expect(problems).toEqual([])
})

test('a user signs up with GitHub and logs in with it on another device', async () => {
  const [phone, laptop] = [await onADevice(), await onADevice()]
  await phone.goto('/signup')
  await continueWith(phone, 'GitHub')
  await phone.getByLabel('Another account, described below').check()
  await phone.getByLabel('Login', { exact: true }).fill('octo-katherine')
  await phone.getByLabel('Name', { exact: true }).fill('Katherine Johnson')
  await phone.getByLabel('Email address', { exact: true }).fill('katherine@example.com')
  await press(phone, 'Continue')
  await heading(phone, 'Plans')

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
  const accounts = page.getByRole('list', { name: 'Linked accounts' })
  await accounts.getByText('alan@gmail.example').waitFor()

  await press(page, 'Link GitHub')
  await heading(page, 'Log in with GitHub')
  await press(page, 'Cancel')
  await heading(page, 'Profile')
  expect(await alert(page)).toContain('You did not allow the login')
  await press(page, 'Link GitHub')
  await page.getByText('octo-linus, no email address').click()
  await press(page, 'Continue')
  await accounts.getByText('No email address').waitFor()
  expect(await problemsOn(page)).toEqual([])

  await press(page, 'Unlink GitHub')
  await page.getByRole('button', { name: 'Link GitHub' }).waitFor()
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
  await heading(attacker, 'My subscription')
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
