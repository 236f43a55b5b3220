import { expect } from 'vitest'
import { heading, logIn, press } from '../on-the-page.ts'
import type { OperatorsDay } from './operators-day.ts'

/** What every list has: filters in the URL, saved views, keys. And who may not see it. */
export async function followTheKit({ stack, operator, onADevice, look }: OperatorsDay): Promise<void> {
  const { admin, user } = stack.endpoints
  const rows = operator.locator('tbody tr[data-row]')

  // A filter is in the URL, so that a reload and the back button keep it.
  await operator.goto('/admin/people')
  await rows.filter({ hasText: user.email }).waitFor()
  await operator.keyboard.press('/')
  await operator.keyboard.type(admin.email)
  await rows.filter({ hasText: user.email }).waitFor({ state: 'detached' })
  expect(new URL(operator.url()).searchParams.get('search')).toBe(admin.email)
  await operator.reload()
  await rows.filter({ hasText: admin.email }).waitFor()
  expect(await rows.count()).toBe(1)

  // A view has a name, and survives.
  await press(operator, 'Views')
  await operator.getByRole('menuitem', { name: 'Save this view…' }).click()
  await operator.getByLabel('Name', { exact: true }).fill('The admin')
  await press(operator, 'Save')
  await operator.getByText('Saved the view “The admin”.').waitFor()
  await press(operator, 'Clear filters')
  await rows.filter({ hasText: user.email }).waitFor()
  await press(operator, 'Views')
  await operator.getByRole('menuitem', { name: 'The admin', exact: true }).click()
  await rows.filter({ hasText: user.email }).waitFor({ state: 'detached' })

  // Nothing matches.
  await operator.goto('/admin/people?search=no-such-person')
  await operator.getByText('No rows match these filters.').waitFor()
  await look(operator)

  // Keys move between rows, open one, and explain themselves.
  await operator.goto('/admin/people')
  await rows.nth(1).waitFor()
  await operator.locator('h1').focus()
  await operator.keyboard.press('j')
  await operator.keyboard.press('j')
  expect(await rows.nth(1).evaluate((row) => row.contains(document.activeElement))).toBe(true)
  await operator.keyboard.press('k')
  expect(await rows.nth(0).evaluate((row) => row.contains(document.activeElement))).toBe(true)
  await operator.keyboard.press('?')
  await operator.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await look(operator)
  await operator.keyboard.press('Escape')

  // A user without the right sees no page of it, and no request is answered.
  const stranger = await onADevice()
  await stranger.goto('/admin/people')
  await logIn(stranger, user)
  await heading(stranger, 'Only administrators can open this page.')
  await look(stranger)
  await stranger.context().close()
}
