import type { Endpoints } from '@tollgate/local/endpoints'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { mailedCode, mailedLink } from './mailed-link.ts'
import { alert, heading, logIn, press } from './on-the-page.ts'

const grace = { email: 'grace@example.com', username: 'grace', password: 'correct horse battery' }
const secondPassword = 'staple horse battery'
const thirdPassword = 'battery horse staple'
const newEmail = 'hopper@example.com'

interface OwnAccount {
  endpoints: Readonly<Endpoints>
  onADevice: () => Promise<Page>
}

/** A user signs up, changes everything about the account, and deactivates it. Returns what is not accessible. */
export async function followAnAccount({ endpoints, onADevice }: OwnAccount): Promise<string[]> {
  const page = await onADevice()
  const inbox = endpoints.mail
  const problems: string[] = []
  const look = async () => problems.push(...(await problemsOn(page)))

  await page.goto('/signup')
  await page.getByLabel('Email address').fill(grace.email)
  await page.getByLabel('Username').fill(grace.username)
  await page.getByLabel('Password').fill(grace.password)
  const storedZone = page.waitForResponse('**/trpc/profile.update**')
  await press(page, 'Sign up')
  await heading(page, 'Hello, grace') // the sign-up has logged in
  expect((await storedZone).ok()).toBe(true)
  await look()
  await page.goto(await mailedLink(inbox, { to: grace.email, page: '/verify-email' }))
  await press(page, 'Verify my address')
  await heading(page, 'Your address is verified')

  // Log in with a code, and return to the page asked for, which says why.
  await press(page, 'Log out')
  await heading(page, 'Welcome')
  await page.goto('/profile')
  await heading(page, 'Log in')
  await page.getByText('Log in to see and change your account.').waitFor()
  await page.getByLabel('Email address').fill(grace.email)
  await page.getByRole('link', { name: 'Log in with a code by email' }).click()
  await heading(page, 'Log in with a code')
  expect(await page.getByLabel('Email address').inputValue()).toBe(grace.email)
  await look()
  await press(page, 'Send me a code')
  await heading(page, 'Enter the code')
  await page.reload()
  await heading(page, 'Enter the code') // a reload keeps the step
  const code = await mailedCode(inbox, { to: grace.email })
  await page.getByLabel('Code').focus()
  await page.keyboard.type(code === '123456' ? '654321' : '123456')
  await page.keyboard.press('Enter')
  expect(await alert(page)).toBe('This code is wrong or has expired. Check it, or request a new one.')
  await look()
  await page.getByLabel('Code').fill(code)
  await page.keyboard.press('Enter')
  await heading(page, 'Profile')

  // Change the profile.
  await page.getByLabel('First name').fill('Grace')
  await page.getByLabel('Last name').fill('Hopper')
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo')
  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page.getByLabel('Picture').setInputFiles({ name, mimeType, buffer })
  await choose('grace.png', 'image/png', Buffer.from('no picture at all'))
  expect(await alert(page)).toContain('We cannot read this file as a picture.')
  await choose('grace.png', 'image/png', await page.screenshot())
  await page.getByRole('button', { name: 'Choose another picture' }).waitFor()
  await press(page, 'Save')
  await page.getByText('Saved.').waitFor()
  await look()
  await page.reload()
  const picture = page.locator('img.avatar')
  expect(await picture.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight])).toEqual([
    256, 256,
  ])
  expect(await page.getByLabel('Time zone').inputValue()).toBe('Asia/Tokyo')
  await press(page, 'Remove the picture')
  await press(page, 'Save')
  await page.getByText('Saved.').waitFor()

  // Take another username.
  await press(page, 'Change username')
  await page.getByLabel('New username').fill('g')
  await press(page, 'Save the username')
  expect(await alert(page)).toBe('New username must be at least 3 characters long.')
  await page.getByLabel('New username').fill('hopper')
  await press(page, 'Save the username')
  await page.locator('.account-name').getByText('hopper').waitFor()

  // Change the password. What was typed can be shown.
  await page.getByRole('link', { name: 'Password' }).click()
  await heading(page, 'Password')
  await page.getByLabel('Current password').fill('not my password')
  await page.getByLabel('New password').fill(secondPassword)
  await page.getByRole('button', { name: 'Show password' }).last().click()
  expect(await page.getByLabel('New password').getAttribute('type')).toBe('text')
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
  // The login page has a field of the same name.
  await heading(other, 'Set a new password')
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
  await page.keyboard.type(endpoints.user.email)
  await page.getByLabel('Your password').fill(thirdPassword)
  await press(page, 'Send a confirmation link')
  expect(await alert(page)).toBe('An account with this address already exists.')
  await look()
  await page.getByLabel('New email address').fill(newEmail)
  await press(page, 'Send a confirmation link')
  await page.getByText(`We sent a link to ${newEmail}.`).waitFor()
  const confirmLink = await mailedLink(inbox, { to: newEmail, page: '/confirm-email' })
  await other.goto(confirmLink)
  await logIn(other, endpoints.user)
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
  await heading(other, 'Hello, hopper')
  await page.getByRole('link', { name: 'Sessions' }).click()
  await page.getByText('This device').waitFor()
  await look()
  await other.goto('/profile')
  await other.getByLabel('First name').fill('Rear Admiral Grace')
  await press(page, 'End Chrome on Linux')
  await press(page, 'Yes, end it')
  await page.getByText('You are logged in on this device only.').waitFor()
  // The other device was in the middle of a form, which stays, and goes on after a login.
  await press(other, 'Save')
  const again = other.getByRole('dialog', { name: 'Please log in again' })
  await again.getByText('What you typed is still here.').waitFor()
  problems.push(...(await problemsOn(other)))
  expect(await again.getByLabel('Email address').inputValue()).toBe(newEmail)
  await again.getByLabel('Password').fill(thirdPassword)
  await press(other, 'Log in and continue')
  await again.waitFor({ state: 'detached' })
  expect(await other.getByLabel('First name').inputValue()).toBe('Rear Admiral Grace')
  await press(other, 'Save')
  await other.getByText('Saved.').waitFor()

  // Deactivate the account, after closing the dialog once.
  await page.getByRole('main').getByRole('link', { name: 'Profile', exact: true }).click()
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
  await page.getByRole('main').getByRole('link', { name: 'help@example.com' }).waitFor()
  return problems
}
