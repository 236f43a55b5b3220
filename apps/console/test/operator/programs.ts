import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTollgateClient } from '@tollgate/client'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { heading, press } from '../on-the-page.ts'
import type { OperatorsDay } from './operators-day.ts'

/** An operator's day with other programs: their keys, and what they are sent. */
export async function followPrograms(day: OperatorsDay): Promise<void> {
  await giveKey(day)
  await sendEvents(day)
}

async function giveKey({ stack, operator, look }: OperatorsDay): Promise<void> {
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

async function sendEvents({ stack, operator, look }: OperatorsDay): Promise<void> {
  const rows = operator.locator('tbody tr[data-row]')
  const dialog = operator.getByRole('dialog')
  const confirm = (name: string) => dialog.getByRole('button', { name, exact: true }).click()
  await using receiver = await aReceiver()

  await operator.goto('/admin/webhooks')
  await heading(operator, 'Webhooks out')
  await press(operator, 'Create endpoint…')
  await dialog.getByLabel('URL').fill(receiver.url)
  await dialog.getByLabel('Description').fill('The product')
  await dialog.getByLabel('Events').selectOption('Chosen events')
  await dialog.getByLabel('user.created').check()
  await look(operator)
  await confirm('Create endpoint')
  expect(await dialog.getByLabel('Signing secret').inputValue()).toMatch(/^whsec_/)
  await confirm('I have stored it')
  const row = rows.filter({ hasText: receiver.url })
  await row.getByText('1 type').waitFor()
  await look(operator)
  await row.getByRole('link').click()
  await operator.getByText('Nothing has been sent to this endpoint yet.').waitFor()
  await press(operator, 'Send test…')
  await confirm('Send test')
  await operator.getByText('The endpoint accepted the test event.').waitFor()

  // It answers that it is gone, so its event is parked, and it is off.
  receiver.status = 410
  const { api } = createTollgateClient({ url: stack.endpoints.api })
  const told = { email: 'told@example.com', username: 'told', password: 'correct horse battery' }
  await api.auth.register.mutate(told)
  await shownAfterReload(operator, operator.getByText('It answered 410, so we switched it off.'))
  await rows.filter({ hasText: 'Parked' }).waitFor()
  await look(operator)
  receiver.status = 204
  await press(operator, 'Send test…')
  await confirm('Send test')
  await press(operator, 'Switch on…')
  await confirm('Switch on')
  await operator.getByText('Active', { exact: true }).waitFor()
  await press(operator, 'Resend parked…')
  await look(operator)
  await confirm('Resend all')
  await operator.getByText('The parked events are sent again.').waitFor()
  await shownAfterReload(operator, rows.filter({ hasText: 'Delivered' }))

  await rows.first().getByRole('link').click()
  await heading(operator, 'user.created')
  await operator.getByText(told.email).waitFor()
  await look(operator)
  await press(operator, 'Resend…')
  await confirm('Resend')
  await operator.getByText('The event is sent again.').waitFor()

  await operator.getByRole('link', { name: '← Endpoint' }).click()
  await press(operator, 'Change…')
  await dialog.getByLabel('Events').selectOption('All events, also those that later versions add')
  await look(operator)
  await confirm('Save')
  const main = operator.getByRole('main') // without the dialog, which has the same words
  await main.getByText('All events, also those that later versions add').waitFor()
  await press(operator, 'Roll secret…')
  await confirm('Roll secret')
  await dialog.getByLabel('Signing secret').waitFor()
  await confirm('I have stored it')
  await operator.getByText('Old secret works until').waitFor()
  await press(operator, 'Delete…')
  await confirm('Delete endpoint')
  await heading(operator, 'Webhooks out')
  await row.waitFor({ state: 'detached' })
}

/** Reloads the page until it shows what happens in the background. */
async function shownAfterReload(page: Page, sought: Locator): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.reload()
        await page.locator('tbody tr[data-row], .empty').first().waitFor()
        return sought.count()
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBeGreaterThan(0)
}

/** An endpoint that answers as it is told to. */
async function aReceiver() {
  const answer = { status: 204 }
  const server = createServer((req, res) => {
    req.resume().on('end', () => res.writeHead(answer.status).end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(answer, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
