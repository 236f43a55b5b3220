import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemsOn } from './accessibility.ts'
import { aDevice, heading, logIn } from './on-the-page.ts'
import { followTheKit } from './operator/kit.ts'
import { followTheMoney } from './operator/money.ts'
import type { OperatorsDay } from './operator/operators-day.ts'
import { followTheOverview } from './operator/overview.ts'
import { followPeople } from './operator/people.ts'
import { followPrograms } from './operator/programs.ts'
import { followTheSystem } from './operator/system.ts'
import { startThrowawayStack } from './running-stack.ts'

const started = new AsyncDisposableStack()
const problems: string[] = []
let browser: Browser
let day: OperatorsDay

beforeAll(async () => {
  browser = await startChromium()
  started.defer(() => browser.close())
  const stack = started.use(await startThrowawayStack({ SESSION_POLICY: 'multiple' }))
  const onADevice = () => aDevice(browser, stack.endpoints.web)
  const operator = await onADevice()
  day = { stack, operator, onADevice, look: async (page) => void problems.push(...(await problemsOn(page))) }

  // A guarded page asks for the login, then opens.
  await operator.goto('/admin/people')
  await logIn(operator, stack.endpoints.admin)
  await heading(operator, 'People')
})

afterAll(() => started.disposeAsync())

test('an operator works with lists: filters, saved views, keys', async () => {
  await expect(followTheKit(day)).resolves.toBeUndefined()
})

test('an operator finds people, disables one, who is thrown out, and helps a team', async () => {
  await expect(followPeople(day)).resolves.toBeUndefined()
})

test('an operator reads the overview, and follows a figure to its rows', async () => {
  await expect(followTheOverview(day)).resolves.toBeUndefined()
})

test('an operator sells a plan, moves its subscriber, refunds, answers a dispute, and recovers who is past due', async () => {
  await expect(followTheMoney(day)).resolves.toBeUndefined()
})

test('an operator replays an event, retries a job, sends a mail again, resolves a finding, and exports the log', async () => {
  await expect(followTheSystem(day)).resolves.toBeUndefined()
})

test('an operator gives a program a key, and tells it about changes', async () => {
  await expect(followPrograms(day)).resolves.toBeUndefined()
})

test('no page of the operators has an accessibility problem', () => {
  expect(problems).toEqual([])
})
