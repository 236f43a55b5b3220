import { readFile } from 'node:fs/promises'
import { Client } from 'pg'
import { expect } from 'vitest'
import { heading, press } from '../on-the-page.ts'
import type { OperatorsDay } from './operators-day.ts'

/** An operator's day below the business: events, jobs, mails, findings, the audit log, settings. */
export async function followTheSystem({ stack, operator, look }: OperatorsDay): Promise<void> {
  const rows = operator.locator('tbody tr[data-row]')
  const dialog = operator.getByRole('dialog')
  const confirm = (name: string) => dialog.getByRole('button', { name, exact: true }).click()
  const database = new Client({ connectionString: stack.endpoints.databaseUrl })
  await database.connect()
  await database.query(
    `insert into reconciliation_findings (id, found_at, kind, object_type, object_id, after)
     values (gen_random_uuid(), now(), 'against_rules', 'subscription', 'sub_made_by_hand', '{"rule": "second_trial"}')`,
  )
  await database.query(
    `insert into pgboss.job (name, data, retry_limit, dead_letter)
     values ('archive-again', '{"kind": "price", "id": "price_of_nothing"}', 0, 'dead-letter')`,
  )
  await database.end()

  // An event is applied again.
  await operator.goto('/admin/events?type=invoice.paid')
  await heading(operator, 'Events in')
  await rows.first().waitFor()
  await look(operator)
  await rows.first().getByRole('link').first().click()
  await heading(operator, 'invoice.paid')
  await operator.getByRole('region', { name: 'What it touched' }).getByRole('link', { name: 'Payment' }).waitFor()
  await look(operator)
  await press(operator, 'Apply again…')
  await dialog.getByText('No mail is sent twice.').waitFor()
  await look(operator)
  await confirm('Apply again')
  await operator.getByText('The event is queued.').waitFor()

  // A job that was given up is put back.
  await operator.goto('/admin/jobs')
  await heading(operator, 'Jobs')
  const failed = rows.filter({ hasText: 'price_of_nothing' })
  await expect
    .poll(
      async () => {
        await operator.reload()
        await failed.or(operator.getByText('No job has failed for good.')).first().waitFor()
        return failed.count()
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBe(1)
  await look(operator)
  await failed.getByRole('button', { name: 'Retry the job in archive-again' }).click()
  await operator.getByText('The job is back in its queue.').waitFor()

  // A mail goes out again, and every template can be looked at.
  await operator.goto('/admin/mails')
  await heading(operator, 'Mails')
  await rows.first().waitFor()
  await look(operator)
  await rows.filter({ hasText: 'subscription-started' }).first().getByRole('link').click()
  await operator.getByRole('region', { name: 'Preview' }).waitFor()
  await look(operator)
  await press(operator, 'Send again…')
  await dialog.getByText('Both mails stay on record.').waitFor()
  await confirm('Send again')
  await operator.getByText('The mail is queued.').waitFor()
  await operator.goto('/admin/mails/templates')
  await heading(operator, 'Mail templates')
  await operator.locator('iframe').first().waitFor()
  const ground = () =>
    operator
      .frameLocator('iframe')
      .locator('body')
      .evaluate((body) => getComputedStyle(body).backgroundColor)
  const light = await ground()
  await press(operator, 'Dark')
  await expect.poll(ground).not.toBe(light)
  await look(operator)

  // A finding is resolved with a note.
  await operator.goto('/admin/findings?isOpen=true')
  await heading(operator, 'Findings')
  await press(operator, 'Resolve the finding about sub_made_by_hand')
  await dialog.getByText('Only this finding changes.').waitFor()
  await dialog.getByLabel('What was done about it').fill('The trial was a gift.')
  await look(operator)
  await confirm('Resolve')
  await operator.getByText('The finding is resolved.').waitFor()
  await operator.goto('/admin/findings')
  await operator.getByText('The trial was a gift.').waitFor()
  await look(operator)

  // The log has all of it, also as a file with the filters in effect.
  await operator.goto('/admin/audit')
  await heading(operator, 'Audit log')
  await rows.filter({ hasText: 'Finding resolved' }).first().waitFor()
  await look(operator)
  await operator.goto('/admin/audit?action=plan.create')
  await rows.filter({ hasText: 'Plan created' }).first().waitFor()
  const [download] = await Promise.all([operator.waitForEvent('download'), press(operator, 'Download CSV')])
  const [header, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(header).toMatch(/^id,at,actor,/)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('plan.create')

  await operator.goto('/admin/settings')
  await heading(operator, 'Settings')
  await operator.getByText('Nothing is wrong').or(operator.getByText('Something is wrong.')).waitFor()
  await look(operator)
}
