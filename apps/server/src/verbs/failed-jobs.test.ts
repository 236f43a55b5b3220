import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../test/inbox.ts'
import { firstOf, longTest } from '../../test/long.ts'
import { runVerb } from '../../test/server-process.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { findDeadLetters } from '../platform/jobs/dead-letters.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp()))
afterAll(() => app[Symbol.asyncDispose]())

longTest('jobs failed says if there is none', async () => {
  await using fresh = await createTestApp({}, { worker: false })
  expect(await runVerb(fresh, 'jobs failed')).toEqual({ code: 0, output: 'No failed jobs.\n' })
})

test('jobs failed lists what failed for good, and jobs retry gives it a new start', async () => {
  const mail = { mailId: crypto.randomUUID(), to: 'ada@example.com', template: 'no-such', props: { token: 'hush' } }
  await app.deps.boss.send('send-mail', mail, { retryLimit: 0 })
  const { em } = app.scope()
  await until(
    'the job to fail for good',
    async () => (await findDeadLetters(em, { from: undefined, limit: 1 })).length > 0,
  )
  const { output } = await runVerb(app, 'jobs failed')
  const [, id = ''] = /^([0-9a-f-]{36})  \S+Z  send-mail  1 attempt\n {2}\S/m.exec(output) ?? []
  expect(output).toContain(`{"mailId":"${mail.mailId}","template":"no-such"}`)
  expect(output).not.toMatch(/hush|ada@example/)

  expect(await runVerb(app, `jobs retry ${id}`)).toEqual({
    code: 0,
    output: `Job ${id} is back in its queue; a worker runs it.\n`,
  })
  expect(await em.execute('select action, actor_id from audit_entries where target_id = ?', [id])).toEqual([
    { action: 'job.retry', actor_id: null },
  ])
}, 60_000)

longTest(
  'jobs retry is refused for a job that there is not',
  async () => {
    expect((await runVerb(app, `jobs retry ${crypto.randomUUID()}`)).code).toBe(1)
    expect(await runVerb(app, 'jobs retry 7')).toEqual({
      code: 1,
      output: "7: not a job's id. `jobs failed` lists them.\n",
    })
  },
  60_000,
)

test.each(
  firstOf(3, [
    'jobs',
    'jobs retry',
    'jobs failed now',
    'seed --everything',
    'toString',
    'migrate twice',
    'create-service-key --scopes users:read',
  ]),
)('`%s` is refused with the list of verbs', async (words) => {
  const { code, output } = await runVerb(app, words)
  expect(code).toBe(1)
  expect(output).toMatch(new RegExp(`^Unknown command: ${words}\n\nUsage: node dist/main.js VERB\n`))
})

test('the usage names the npm script when it was called that way', async () => {
  const { output } = await runVerb(app, 'help', { npm_lifecycle_event: 'tollgate' })
  expect(output).toMatch(/^Usage: npm run tollgate -- VERB\n/)
})
