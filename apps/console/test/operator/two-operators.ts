import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { press } from '../on-the-page.ts'
import type { OperatorsDay } from './operators-day.ts'

/** Two operators edit the plan on the page. The dialog of the second one says what the first one has changed. */
export async function meetAColleague(operator: Page, look: OperatorsDay['look']): Promise<void> {
  const dialog = operator.getByRole('dialog')
  await press(operator, 'Edit…')
  await dialog.getByText('Nothing changes so far.').waitFor()
  const colleague = await operator.context().newPage()
  await colleague.goto(operator.url())
  await press(colleague, 'Edit…')
  await colleague.getByLabel('Place on the pricing page').fill('5')
  await colleague.getByText('The pricing page changes at once.').waitFor()
  await colleague.getByRole('button', { name: 'Save changes' }).click()
  await colleague.getByText('The plan is changed.').waitFor()
  await colleague.close()
  await dialog.getByLabel('Price in USD').waitFor({ state: 'detached' })
  await dialog.getByLabel('Trial days').fill('30')
  await dialog.getByText('Place on the pricing page: 0 → 5').waitFor()
  await expect(dialog.getByRole('button', { name: 'Save changes' }).count()).resolves.toBe(0)
  await look(operator)
  await dialog.getByRole('button', { name: 'Load the current values' }).click()
  await dialog.getByText('Nothing changes so far.').waitFor()
  expect(await dialog.getByLabel('Place on the pricing page').inputValue()).toBe('5')
  await dialog.getByRole('button', { name: 'Go back' }).click()
}
