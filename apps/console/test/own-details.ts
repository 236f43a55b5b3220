import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { alert, heading, press } from './on-the-page.ts'

/** A customer says who their invoices are made out to. Returns what is not accessible. */
export async function fillInBillingDetails(page: Page): Promise<string[]> {
  await heading(page, 'Billing details')
  await page.getByLabel('Name or company').fill('')
  await press(page, 'Save')
  expect(await page.getByRole('alert').allInnerTexts()).toEqual(['Name or company is missing.', 'Country is missing.'])
  await page.getByLabel('Name or company').fill('Ada GmbH')
  await page.getByLabel('Country').selectOption({ label: 'Germany' })
  await page.getByLabel('City').fill('Berlin')
  await press(page, 'Save')
  await page.getByText('Saved.', { exact: true }).waitFor()
  await page.getByLabel('Number').fill('nonsense')
  await press(page, 'Add this tax ID')
  expect(await alert(page)).toBe('Number is not a valid number of this type.')
  await page.getByLabel('Number').fill('FR12111111111')
  await press(page, 'Add this tax ID')
  await page.getByText('Added: FR12111111111.').waitFor()
  await page.getByText('Not confirmed', { exact: true }).waitFor()
  const problems = await problemsOn(page)
  await page.reload()
  await page.getByRole('button', { name: 'Remove: FR12111111111…' }).click()
  await press(page, 'Yes, remove it')
  await page.getByText('No tax ID yet.').waitFor()
  expect(await page.getByLabel('Country').inputValue()).toBe('DE')
  return problems
}
