import { expect } from 'vitest'
import { alert, heading, logIn, press } from '../on-the-page.ts'
import type { OperatorsDay } from './operators-day.ts'

/** An operator finds a person, reads what happened, disables them, who is thrown out, and looks at their team. */
export async function followPeople({ stack, operator, onADevice, look }: OperatorsDay): Promise<void> {
  const { user } = stack.endpoints
  const rows = operator.locator('tbody tr[data-row]')
  const dialog = operator.getByRole('dialog')

  // The person has a team.
  const person = await onADevice()
  await person.goto('/organizations/new')
  await logIn(person, user)
  await heading(person, 'Create an organization')
  await person.getByLabel('Name').fill('Loom & Sons')
  await press(person, 'Create it')
  await heading(person, 'Members of Loom & Sons')

  // A row leads to the person: summary, timeline, accounts, sessions.
  await operator.goto('/admin/people?isActive=yes&hasSubscription=no')
  await rows.getByRole('link', { name: user.email }).click()
  await heading(operator, user.email)
  await operator.getByText('No access').first().waitFor()
  await operator.getByText('They have never had a plan.').waitFor()
  const timeline = operator.getByRole('region', { name: 'Timeline' })
  await timeline.getByText('Created “Loom & Sons”').waitFor()
  await timeline
    .getByText(/^Logged in: Chrome/)
    .first()
    .waitFor()
  await look(operator)
  await timeline.getByRole('button', { name: 'Teams' }).click()
  await timeline
    .getByText(/^Logged in/)
    .first()
    .waitFor({ state: 'detached' })
  expect(new URL(operator.url()).searchParams.get('show')).toBe('teams')

  // Disabling says what it does. The person, who is on a page of their own, is out at the next call.
  await press(operator, 'Disable…')
  await dialog.getByText('They are logged out at once, and can no longer log in.').waitFor()
  await dialog.getByText('They have no subscription of their own.').waitFor()
  await dialog.getByText('“Loom & Sons” has no other member. No one can manage it.').waitFor()
  await look(operator)
  await dialog.getByRole('button', { name: 'Disable', exact: true }).click()
  await operator.getByText('They can no longer log in.').waitFor()
  await operator.getByText('Disabled', { exact: true }).first().waitFor()
  await person.getByLabel('Email address').fill('new.member@example.com')
  await press(person, 'Send the invitation')
  await heading(person, 'Log in')
  await person.getByLabel('Email address').fill(user.email)
  await person.getByLabel('Password').fill(user.password)
  await press(person, 'Log in')
  expect(await alert(person)).toContain('disabled')

  // The team has no owner who can act, and its page says so.
  await operator.getByRole('link', { name: 'Loom & Sons' }).first().click()
  await heading(operator, 'Loom & Sons')
  await operator.getByText('No owner of this organization can log in. Make a member an owner.').waitFor()
  await look(operator)
  await operator.getByRole('link', { name: user.email }).click()
  await heading(operator, user.email)
  await press(operator, 'Enable…')
  await dialog.getByText('They can log in again. Old sessions and links stay ended.').waitFor()
  await dialog.getByRole('button', { name: 'Enable', exact: true }).click()
  await operator.getByText('They can log in again.', { exact: true }).waitFor() // The dialog's words go on.

  // An operator changes members and names, and is refused like an owner.
  await operator.goto('/admin/accounts?kind=organization')
  await look(operator)
  await rows.getByRole('link', { name: 'Loom & Sons' }).click()
  await heading(operator, 'Loom & Sons')
  await press(operator, `Remove ${user.email}`)
  await dialog.getByText('They lose access at their next call, and get a mail.').waitFor()
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
  expect(await alert(operator)).toContain('owner')
  await operator.keyboard.press('Escape')
  await press(operator, 'Rename…')
  await dialog.getByLabel('New name').fill('Loom & Daughters')
  await dialog.getByRole('button', { name: 'Rename', exact: true }).click()
  await heading(operator, 'Loom & Daughters')
  await operator.getByText('Renamed “Loom & Sons” to “Loom & Daughters”').waitFor()

  // The team may use more of a feature than its plan says, until an operator takes that back.
  const overrides = operator.getByRole('region', { name: 'Overrides of features' })
  await overrides.getByText('The plan alone says what this account may use.').waitFor()
  await press(operator, 'Override a feature…')
  await dialog.getByText('Enter a feature and a reason.').waitFor()
  await dialog.getByLabel('Feature').fill('api.calls')
  await dialog.getByLabel('Allows').selectOption('limit')
  await dialog.getByLabel('Limit', { exact: true }).fill('500')
  await dialog.getByLabel('Counted').selectOption('day')
  await dialog.getByLabel('Reason').fill('Launch week')
  await dialog.getByText('api.calls: 500 per day, whatever the plan says.').waitFor()
  await look(operator)
  await dialog.getByRole('button', { name: 'Set override', exact: true }).click()
  await overrides.getByText('500 per day').waitFor()
  await overrides.getByText('In effect').waitFor()
  await look(operator)
  await press(operator, 'Remove the override of api.calls')
  await dialog.getByText('From now on, the plan alone says what the account may use of it.').waitFor()
  await dialog.getByRole('button', { name: 'Remove override', exact: true }).click()
  await overrides.getByText('The plan alone says what this account may use.').waitFor()

  await operator.goto('/admin/people/0199d3a0-0000-7000-8000-000000000000')
  await heading(operator, 'This person does not exist.')
  await person.context().close()
}
