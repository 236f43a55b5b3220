import { expect } from 'vitest'
import { heading, press } from '../on-the-page.ts'
import type { OperatorsDay } from './operators-day.ts'

/** An operator's day with other programs: their keys. */
export async function followPrograms({ stack, operator, look }: OperatorsDay): Promise<void> {
  const rows = operator.locator('tbody tr[data-row]')
  const dialog = operator.getByRole('dialog')
  const confirm = (name: string) => dialog.getByRole('button', { name, exact: true }).click()

  await operator.goto('/admin/keys')
  await heading(operator, 'Service keys')
  await operator.getByText('There are no service keys yet.').waitFor()
  await look(operator)
  await press(operator, 'Create key…')
  await dialog.getByLabel('Name').fill('The product')
  await confirm('Create key')
  await dialog.getByText('Choose what the key may do.').waitFor()
  await dialog.getByLabel('Read users').check()
  await look(operator)
  await confirm('Create key')

  // It is shown once: only the button closes the dialog.
  const field = dialog.getByLabel('Service key')
  const key = await field.inputValue()
  await look(operator)
  await operator.keyboard.press('Escape')
  await confirm('Copy')
  await dialog.getByText(/Copied|copy it yourself/).waitFor()
  await confirm('I have stored it')
  await rows.filter({ hasText: 'The product' }).getByText('Active').waitFor()
  await look(operator)
  expect(await operator.content()).not.toContain(key)
  const ask = async () => {
    const users = new URL(`/v1/users?email=${stack.endpoints.admin.email}`, stack.endpoints.api)
    const { status } = await fetch(users, { headers: { authorization: `Bearer ${key}` } })
    return status
  }
  expect(await ask()).toBe(200)

  await press(operator, 'Revoke The product')
  await dialog.getByText('It can’t be undone.').waitFor()
  await look(operator)
  await confirm('Revoke key')
  await rows.filter({ hasText: 'The product' }).getByText('Revoked').waitFor()
  expect(await ask()).toBe(401)
}
