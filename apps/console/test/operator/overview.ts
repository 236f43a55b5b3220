import { expect } from 'vitest'
import { heading } from '../on-the-page.ts'
import type { OperatorsDay } from './operators-day.ts'

/** What the overview shows, in every range, and that its figures lead to their rows. */
export async function followTheOverview({ operator, look }: OperatorsDay): Promise<void> {
  await operator.goto('/admin')
  await heading(operator, 'Overview')
  const signUps = operator.getByRole('region', { name: 'Sign-ups', exact: true })
  await signUps.waitFor()
  await look(operator)

  // The range is in the URL.
  await operator.getByRole('button', { name: '12 months', exact: true }).click()
  await operator.waitForURL(/range=365/)
  await operator.reload()
  await operator.locator('button[aria-pressed="true"]', { hasText: '12 months' }).waitFor()

  // Behind a chart stands its table, whose figures lead to their rows.
  const chart = operator.getByRole('region', { name: 'Sign-ups over time' })
  await chart.getByText('Show as a table').click()
  const total = Number(await signUps.getByRole('link').first().innerText())
  const counts = await chart.locator('tbody td').allInnerTexts()
  expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(total)
  await look(operator)

  await signUps.getByRole('link').first().click()
  await heading(operator, 'People')
  await operator.locator('tbody tr[data-row]').first().waitFor()
  expect(await operator.locator('tbody tr[data-row]').count()).toBe(total)

  await operator.goto('/admin/mrr')
  await heading(operator, 'Changes of MRR')
  await operator
    .getByText(/No account has changed MRR yet|rows? shown/)
    .first()
    .waitFor()
  await look(operator)
  await operator.goto('/admin/trials')
  await heading(operator, 'Trials')
  await operator
    .getByText(/There are no such trials|rows? shown/)
    .first()
    .waitFor()
  await look(operator)
}
