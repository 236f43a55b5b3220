import type { RunningStack } from '@tollgate/local/stack'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { heading, logIn, payByCard, press } from '../on-the-page.ts'
import type { OperatorsDay } from './operators-day.ts'
import { meetAColleague } from './two-operators.ts'

/** An operator's day with money: a plan and its first sale, a move, a change, a refund, a dispute, a late payer. */
export async function followTheMoney({ stack, operator, onADevice, look }: OperatorsDay): Promise<void> {
  const { user, admin } = stack.endpoints
  const rows = operator.locator('tbody tr[data-row]')
  const dialog = operator.getByRole('dialog')
  const confirm = (name: string) => dialog.getByRole('button', { name, exact: true }).click()

  // A plan, and its first sale.
  await operator.goto('/admin/plans')
  await heading(operator, 'Plans')
  await press(operator, 'Create plan…')
  await dialog.getByLabel('Code').fill('studio')
  await dialog.getByLabel('Name').fill('Studio')
  await dialog.getByLabel('Price', { exact: true }).fill('twelve')
  await dialog.getByText('The plan is for sale at once').waitFor()
  await dialog.getByLabel('Price', { exact: true }).fill('29.00')
  await look(operator)
  await confirm('Create plan')
  await operator.getByText('The plan is created.').waitFor()
  await buy(stack, await onADevice(), 'studio')

  await operator.goto('/admin/plans')
  await rows.filter({ hasText: 'Studio' }).waitFor()
  await look(operator)
  await rows.getByRole('link', { name: 'Studio' }).click()
  await heading(operator, 'Studio')
  await operator.getByRole('link', { name: '1 Active' }).waitFor()

  // An edit says who keeps the old price.
  await press(operator, 'Edit…')
  await dialog.getByText('Nothing changes so far.').waitFor()
  await dialog.getByLabel('Price in USD').fill('a lot')
  await dialog.getByText('a lot is not an amount.').waitFor()
  await dialog.getByLabel('Price in USD').fill('39')
  await dialog.getByText('1 subscriber keeps the old price.').waitFor()
  await look(operator)
  await confirm('Save changes')
  await operator.getByText('The plan is changed.').waitFor()
  await look(operator)

  // A move says who pays what before and after, then shows its progress.
  await press(operator, 'Move subscribers…')
  await dialog.getByLabel('To plan').selectOption('studio')
  await dialog.getByText('1 (Active): $29.00 a month today, $39.00 a month afterwards.').waitFor()
  await dialog.getByText('Nothing is charged or credited at once.').waitFor()
  await dialog.getByLabel('When').selectOption('now')
  await dialog.getByText(/^About \$\d+\.\d\d is charged at once/).waitFor()
  await look(operator)
  await dialog.getByLabel('To plan').selectOption('pro')
  await dialog.getByLabel('When').selectOption('period_end')
  await dialog.getByText('1 (Active): $29.00 a month today, $19.00 a month afterwards.').waitFor()
  await confirm('Move them')
  await operator.getByText('The move has begun.').waitFor()
  await operator.getByText('1 moved, 0 not moved, 0 waiting').waitFor()
  await look(operator)

  // A second price, and a feature with a limit.
  await press(operator, 'Prices…')
  await dialog.getByText('Nothing changes so far.').waitFor()
  await dialog.getByRole('button', { name: 'Add a price' }).click()
  const second = dialog.getByRole('group', { name: 'Price 2' })
  await dialog.getByText('Enter each price.').waitFor()
  await second.getByLabel('Price', { exact: true }).fill('390')
  await dialog.getByText('prices.1.billingPeriod is there twice: monthly in usd.').waitFor()
  await second.getByLabel('Billed').selectOption('yearly')
  await dialog.getByText('New subscribers pay $390.00 a year.').waitFor()
  await look(operator)
  await confirm('Save prices')
  await operator.getByText('$39.00 a month\n$390.00 a year').waitFor()
  await press(operator, 'Features…')
  await dialog.getByRole('button', { name: 'Add a feature' }).click()
  await dialog.getByRole('button', { name: 'Add a feature' }).click()
  await dialog.getByRole('group', { name: 'Feature 2' }).getByLabel('Name').fill('drafts')
  await dialog.getByRole('button', { name: 'Remove Feature 1' }).click()
  await dialog.getByLabel('Allows').selectOption('limit')
  await dialog.getByText('Enter the limit of drafts as a whole number up to').waitFor()
  await dialog.getByLabel('Limit').fill('40')
  await dialog.getByText('1 subscriber may use more or less at once.').waitFor()
  await look(operator)
  await confirm('Save features')
  await operator.getByText('Drafts: 40 a month').waitFor()
  await look(operator)

  await meetAColleague(operator, look)

  await operator.getByRole('link', { name: 'To Pro for $19.00 a month, at the period’s end' }).click()
  await heading(operator, 'Move from Studio to Pro')
  await rows.filter({ hasText: user.email }).getByText('Moved', { exact: true }).waitFor()
  await look(operator)

  // Support takes the scheduled change back, and sees what another plan would cost now.
  await rows.getByRole('link', { name: user.email }).click()
  await heading(operator, `Studio for ${user.email}`)
  await operator.getByText('Scheduled change').waitFor()
  await press(operator, 'Change plan…')
  await dialog.getByLabel('New plan').selectOption('vip')
  await dialog.getByText(/is charged to their card now\./).waitFor()
  await dialog.getByText('The scheduled change to Pro is dropped.').waitFor()
  await look(operator)
  await operator.keyboard.press('Escape')
  await press(operator, 'Drop the change…')
  await dialog.getByText(/^The scheduled change to Pro on .+ is dropped\.$/).waitFor()
  await dialog.getByText('They keep Studio, for what they pay today.').waitFor()
  await look(operator)
  await confirm('Drop the change')
  await operator.getByText('The scheduled change is dropped.').waitFor()
  await operator.getByText('Scheduled change', { exact: true }).waitFor({ state: 'detached' })
  await press(operator, 'Change plan…')
  await dialog.getByLabel('New plan').selectOption('vip')
  await dialog.getByLabel('When').selectOption('period_end')
  await dialog.getByText(/^They have VIP from .*, for \$49\.00 a month\.$/).waitFor()
  await confirm('Change plan')
  await operator.getByText('The plan is changed.').waitFor()
  await operator.getByText(/^VIP, /).waitFor()
  await look(operator)

  // A discount is created, given to this customer, and ended. They keep it.
  const subscriptionPage = operator.url()
  await operator.goto('/admin/discounts')
  await operator.getByText('There are no discounts yet. Create the first one.').waitFor()
  await press(operator, 'Create discount…')
  await dialog.getByLabel('Name').fill('Loyal')
  await dialog.getByLabel('Percent off').fill('200')
  await dialog.getByText('The percentage must be more than 0 and at most 100.').waitFor()
  await dialog.getByLabel('Percent off').fill('20')
  await dialog.getByLabel('Lasts').selectOption('repeating')
  await dialog.getByLabel('Number of months').fill('3')
  await dialog.getByLabel('Code').fill('LOYAL')
  await dialog.getByLabel('Maximum redemptions').fill('10')
  await dialog.getByLabel('Studio').check()
  await dialog.getByLabel('Minimum purchase').fill('20')
  await dialog.getByText('It takes 20% off for 3 months.').waitFor()
  await dialog.getByText('Only purchases of at least $20.00 can use it.').waitFor()
  await dialog.getByText('Customers redeem it with the code LOYAL, up to 10 times.').waitFor()
  await dialog.getByText('It is only for Studio (studio).').waitFor()
  await look(operator)
  await confirm('Create discount')
  await rows.filter({ hasText: 'Loyal' }).getByText('0 of 10').waitFor()
  await look(operator)
  await operator.goto(subscriptionPage)
  await press(operator, 'Give a discount…')
  await dialog.getByLabel('Discount').selectOption({ label: 'Loyal: 20% off for 3 months' })
  await dialog.getByText('It applies from the next invoice on.').waitFor()
  await look(operator)
  await confirm('Give discount')
  await operator.getByText(/^Loyal: 20% off until /).waitFor()
  await look(operator)
  await operator.goto('/admin/discounts')
  await press(operator, 'End Loyal')
  await dialog.getByText('Customers who have it keep it.').waitFor()
  await confirm('End discount')
  await rows.filter({ hasText: 'Loyal' }).getByText('Ended', { exact: true }).waitFor()
  await operator.goto(subscriptionPage)

  // Part of the payment goes back.
  await operator.getByRole('region', { name: 'Latest payments' }).getByRole('link').first().click()
  await heading(operator, `$29.00 from ${user.email}`)
  await press(operator, 'Refund…')
  await dialog.getByLabel('Amount in USD').fill('a bit')
  await dialog.getByText('a bit is not an amount.').waitFor()
  await dialog.getByLabel('Amount in USD').fill('5')
  await dialog.getByText('$24.00 stays paid.').waitFor()
  await look(operator)
  await confirm('Refund')
  await operator.getByText('The payment is refunded.').waitFor()
  await operator.getByText('Partly refunded').first().waitFor()
  const paymentPage = operator.url()

  // The bank disputes it, with a deadline.
  const [charge] = await chargesOf(stack)
  await control(stack, `charges/${charge}/dispute`, {})
  await operator.goto('/admin/disputes')
  await reloadUntil(operator, /days? left/) // the status alone is also a filter
  await look(operator)
  await operator.goto(paymentPage)
  await operator.getByRole('region', { name: 'Disputes' }).getByText('Fraudulent').waitFor()
  await look(operator)
  await operator.goto('/admin/payments?disputed=yes')
  await rows.filter({ hasText: user.email }).waitFor()
  await look(operator)

  // A plan for free.
  await operator.goto('/admin/people?isAdmin=yes')
  await rows.getByRole('link', { name: admin.email }).click()
  await heading(operator, admin.email)
  const accountPage = `/admin/accounts/${operator.url().split('/').at(-1)}`
  await operator.goto(accountPage)
  await press(operator, 'Grant a plan…')
  await dialog.getByText('Choose a plan and a day.').waitFor()
  await dialog.getByLabel('Until').fill('2099-12-31')
  await dialog.getByText('It costs nothing, needs no card, and ends by itself.').waitFor()
  await look(operator)
  await confirm('Grant plan')
  await operator.getByText('The plan is granted.').waitFor()
  await operator.goto('/admin/subscriptions?provider=manual')
  await rows.filter({ hasText: admin.email }).waitFor()

  // Why they have access, or would have had it with another grace; and what is in recovery.
  await operator.goto(accountPage)
  await operator.getByRole('link', { name: 'Access at another time' }).click()
  await heading(operator, 'Access at a moment')
  await operator.getByText(/admin\.subscriptions\.grant, by /).waitFor()
  await operator.getByLabel('With a grace of').selectOption('7d')
  await press(operator, 'Explain')
  await operator.getByRole('heading', { name: 'With the other grace' }).waitFor()
  await look(operator)
  await operator.goto('/admin/recovery')
  await operator.getByText('No renewal has failed.').waitFor()
  await look(operator)

  // A renewal fails, and is recovered.
  const customer = await customerOf(stack, charge)
  await control(stack, `customers/${customer}/fail-charges`, { on: true })
  await control(stack, 'clock/advance', { days: 32 })
  await operator.goto('/admin/subscriptions?status=past_due')
  await reloadUntil(operator, user.email)
  await look(operator)
  await rows.getByRole('link', { name: user.email }).click()
  await heading(operator, `VIP for ${user.email}`)
  await operator.getByText('Past due, in grace').waitFor()
  await operator.getByText('Access is kept until').waitFor()
  await look(operator)
  const late = operator.url()
  await control(stack, `customers/${customer}/fail-charges`, { on: false })
  await control(stack, 'clock/advance', { days: 5 })
  await operator.goto(late)
  await reloadUntil(operator, 'Active')

  // The overview has all of it, and its figures lead to their rows: the grant is no part of MRR.
  await operator.goto('/admin')
  const tile = (name: string) => operator.getByRole('region', { name, exact: true })
  await tile('MRR').getByText('1 subscription').waitFor()
  await look(operator)
  await tile('MRR').getByRole('link').first().click()
  await heading(operator, 'Subscriptions')
  await rows.filter({ hasText: user.email }).waitFor()
  expect(await rows.count()).toBe(1)
  await operator.goto('/admin')
  const paid = await tile('Revenue')
    .getByText(/^\d+ payments?$/)
    .innerText()
  await tile('Revenue').getByRole('link').first().click()
  await heading(operator, 'Payments')
  await rows.first().waitFor()
  expect(await rows.count()).toBe(Number.parseInt(paid, 10))
}

async function buy({ endpoints }: RunningStack, buyer: Page, planCode: string): Promise<void> {
  await buyer.goto(`/subscribe/${planCode}`)
  await logIn(buyer, endpoints.user)
  await press(buyer, 'Continue to payment')
  await payByCard(buyer, { at: endpoints.stripe })
  await heading(buyer, "You're on Studio")
  await buyer.context().close()
}

/** What events bring appears a moment later. */
async function reloadUntil(page: Page, text: string | RegExp): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload()
        await page.locator('[aria-busy="true"], .money-skeleton').first().waitFor({ state: 'detached' })
        return page.locator('main').innerText()
      },
      { timeout: 30_000, interval: 500 },
    )
    .toMatch(text)
}

async function control({ endpoints }: RunningStack, path: string, body: object): Promise<void> {
  const answer = await fetch(`${endpoints.stripe}/_/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function chargesOf(stack: RunningStack): Promise<[string]> {
  const list = (await askStripe(stack, 'charges')) as { data: { id: string }[] }
  return [list.data[0]?.id ?? '']
}

async function customerOf(stack: RunningStack, charge: string): Promise<string> {
  return ((await askStripe(stack, `charges/${charge}`)) as { customer: string }).customer
}

async function askStripe({ endpoints }: RunningStack, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${endpoints.stripeKey}` }
  return (await fetch(`${endpoints.stripe}/v1/${path}`, { headers })).json()
}
