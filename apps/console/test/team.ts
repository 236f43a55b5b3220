import type { Endpoints } from '@tollgate/local/endpoints'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { mailedLink } from './mailed-link.ts'
import { alert, heading, logIn, payByCard, press } from './on-the-page.ts'

/** It has no place to break, and is wider than a narrow window. */
const organization = 'Elektrizitaetsversorgungsgesellschaftsverwaltung'
const bob = { email: 'bob@example.com', username: 'bob', password: 'correct horse battery' }

interface Team {
  endpoints: Readonly<Endpoints>
  onADevice: () => Promise<Page>
}

/** An owner builds a team and buys a plan, a teammate joins and is removed. Returns what is not accessible. */
export async function followATeam({ endpoints, onADevice }: Team): Promise<string[]> {
  const [owner, teammate] = [await onADevice(), await onADevice()]
  const problems: string[] = []
  const look = async (page: Page) => problems.push(...(await problemsOn(page)))

  // Create an organization. From then on, the URL names it.
  await owner.goto('/organizations/new')
  await logIn(owner, endpoints.user)
  await heading(owner, 'Create an organization')
  await owner.getByLabel('Name').fill('www.acme.example')
  await press(owner, 'Create it')
  expect(await alert(owner)).toBe('Name must not be a link.')
  await look(owner)
  await owner.getByLabel('Name').fill(organization)
  await press(owner, 'Create it')
  await heading(owner, `Members of ${organization}`)
  const accountId = new URL(owner.url()).searchParams.get('account')

  // Invite a teammate.
  await owner.getByLabel('Email address').fill(endpoints.user.email)
  await press(owner, 'Send the invitation')
  expect(await alert(owner)).toBe('The person with this email address is already a member.')
  await owner.getByLabel('Email address').fill(bob.email)
  await press(owner, 'Send the invitation')
  await owner.getByText(`We sent an invitation to ${bob.email}.`).waitFor()
  await press(owner, `Send again to ${bob.email}`)
  await owner.getByText(`We sent the invitation to ${bob.email} again.`).waitFor()
  await look(owner)
  const invitation = await mailedLink(endpoints.mail, { to: bob.email, page: '/accept-invitation' })

  // Buy a plan for the organization. The page after the checkout knows who bought it.
  await owner.getByRole('link', { name: 'Plans', exact: true }).click()
  await heading(owner, `Plans for ${organization}`)
  await press(owner, 'Choose Pro')
  await owner.waitForURL(`${endpoints.stripe}/**`)
  await owner.goto('/checkout/canceled')
  await owner.getByRole('link', { name: 'See the plans' }).click()
  await heading(owner, `Plans for ${organization}`)
  await press(owner, 'Choose Pro')
  await payByCard(owner, { at: endpoints.stripe })
  await heading(owner, "You're on Pro")
  const sessionId = new URL(owner.url()).searchParams.get('session_id')
  expect(new URL(owner.url()).searchParams.get('account')).toBe(accountId)

  // Two tabs show two accounts, also after a reload.
  const secondTab = await owner.context().newPage()
  await secondTab.goto('/subscription')
  await secondTab.getByText("You don't have a subscription.").waitFor()
  await owner.getByRole('link', { name: 'Subscription and payments' }).click()
  await heading(owner, `Subscription of ${organization}`)
  await owner.reload()
  await heading(owner, `Subscription of ${organization}`)
  await owner.getByRole('row').filter({ hasText: '$19.00' }).getByText('Paid').waitFor()
  await secondTab.reload()
  await secondTab.getByText("You don't have a subscription.").waitFor()
  await secondTab.locator('.switcher summary').click()
  await look(secondTab)
  await secondTab.getByRole('link', { name: organization }).click()
  await heading(secondTab, `Subscription of ${organization}`)
  await secondTab.goBack()
  await heading(secondTab, 'My subscription')

  // The checkout page may have been paid in another tab, which does not know the account.
  const thirdTab = await owner.context().newPage()
  await thirdTab.goto(`/checkout/success?session_id=${sessionId}`)
  await heading(thirdTab, "You're on Pro")
  expect(new URL(thirdTab.url()).searchParams.get('account')).toBe(accountId)

  // The invitation is for one address only. A new user signs up, and comes back to it.
  await secondTab.goto(invitation)
  await secondTab.getByText(`You are logged in as ${endpoints.user.email}`).waitFor()
  await teammate.goto(invitation)
  await heading(teammate, `Join ${organization}`)
  await look(teammate)
  await teammate.getByRole('link', { name: 'Sign up to accept' }).click()
  await heading(teammate, 'Sign up')
  expect(await teammate.getByLabel('Email address').inputValue()).toBe(bob.email)
  await teammate.getByLabel('Username').fill(bob.username)
  await teammate.getByLabel('Password').fill(bob.password)
  await press(teammate, 'Sign up')
  await heading(teammate, `Join ${organization}`)
  await press(teammate, `Join ${organization}`)
  await heading(teammate, `Welcome to ${organization}`)

  // Members see the plan, but can't change it.
  await teammate.getByRole('link', { name: 'See the plan' }).click()
  await heading(teammate, `Subscription of ${organization}`)
  await teammate.getByText('$19.00 a month').waitFor()
  await teammate.getByText('Owners, admins and billing managers see the payments here').waitFor()
  expect(await teammate.getByRole('button', { name: 'Cancel subscription…' }).count()).toBe(0)

  // Change the role, and remove the teammate, who is out at the next click.
  await owner.getByRole('link', { name: 'Members', exact: true }).first().click()
  await press(owner, 'Change role of bob')
  await owner.getByRole('dialog').getByLabel('Role').selectOption('Billing')
  await look(owner)
  await press(owner, 'Save the role')
  await owner.getByText('bob is a billing manager now.').waitFor()
  await press(owner, 'Remove bob')
  await press(owner, 'Yes, remove them')
  await owner.getByText('bob is no longer a member.').waitFor()
  await teammate.getByRole('link', { name: 'Members', exact: true }).first().click()
  await heading(teammate, 'This account is not among yours')
  await look(teammate)
  await teammate.getByRole('link', { name: 'Go to my personal account' }).click()
  await heading(teammate, 'My subscription')
  await teammate.getByRole('link', { name: 'Members', exact: true }).first().click()
  await teammate.getByText('This is your personal account.').waitFor()
  await teammate.goto(invitation)
  await teammate.getByText('This link is no longer valid.').waitFor()

  // Rename it, try to leave it, and delete it.
  await owner.getByRole('link', { name: 'Settings' }).click()
  await heading(owner, `Settings of ${organization}`)
  await owner.getByRole('textbox', { name: 'Name' }).fill('Acme Tools')
  await press(owner, 'Save the name')
  await heading(owner, 'Settings of Acme Tools')
  await look(owner)
  await press(owner, 'Leave the organization…')
  await press(owner, 'Yes, leave')
  expect(await alert(owner)).toContain('The organization needs an owner.')
  await press(owner, 'Stay')
  await press(owner, 'Delete the organization…')
  await press(owner, 'Yes, delete it')
  await heading(owner, 'My subscription')
  await owner.goto(`/plans?account=${accountId}`)
  await heading(owner, 'This account is not among yours')
  return problems
}
