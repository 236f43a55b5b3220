import { afterAll, beforeAll, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { aReceiver } from '../../../test/webhooks.ts'
import { MINUTE } from '../../platform/durations.ts'
import { startDeliveries, type Deliveries } from './start-deliveries.ts'

/** In each round, twice: without and beside an endpoint that hangs. Together 10,000 of each. */
const EVENTS = 1_000
const ROUNDS = 10
const SINGLE = 100
/** The marks on a machine that does nothing else. */
const MARKS = { milliseconds: 100, ratio: 1.2 }

let app: TestApp
let endpoints: Awaited<ReturnType<typeof anAdmin>>['api']['admin']['webhooks']['endpoints']
let deliveries: Deliveries
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  endpoints = (await anAdmin(app)).api.admin.webhooks.endpoints
  deliveries = startDeliveries({ events: app.deps.events, openScope: () => app.scope(), grace: 0 })
})
afterAll(async () => {
  await deliveries.stop()
  await app[Symbol.asyncDispose]()
})

/** Makes this many sign-ups with one statement. */
async function signUps(count: number): Promise<void> {
  await app.scope().em.execute(
    `insert into users (id, email, username, username_key, is_verified, is_admin, created_at, updated_at)
     select id, id || '@example.com', substr(id::text, 1, 24), substr(id::text, 1, 24), true, false, now(), now()
     from (select gen_random_uuid() as id from generate_series(1, ?::int)) as ids`,
    [count],
  )
}

/** A receiver that notes when each event arrived. */
async function aTimedReceiver() {
  const arrivals = new Map<string, number>()
  const receiver = await aReceiver(({ headers }) => {
    const id = headers['webhook-id']
    if (typeof id === 'string' && !arrivals.has(id)) arrivals.set(id, performance.now())
    return 204
  })
  await endpoints.create.mutate({ url: receiver.url, types: ['user.created'] })
  return { ...receiver, arrivals, [Symbol.dispose]: () => receiver[Symbol.dispose]() }
}

const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN

/** Of an even number of values, the mean of the two in the middle. */
const median = (values: number[]): number => (quantile(values, 0.5) + quantile(values, 0.5 + 0.5 / values.length)) / 2

/** Makes all events at once, and measures how long after the commit each arrives. */
async function burst(receivers: readonly Awaited<ReturnType<typeof aTimedReceiver>>[]) {
  for (const { arrivals } of receivers) arrivals.clear()
  await signUps(EVENTS)
  const committedAt = performance.now()
  await until('all events', async () => receivers.every(({ arrivals }) => arrivals.size === EVENTS), 5 * MINUTE)
  return receivers.map(({ arrivals }) => {
    const waits = [...arrivals.values()].map((at) => at - committedAt)
    return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) }
  })
}

test('an endpoint that hangs does not delay 10,000 events to two others', async () => {
  await app.deps.events.sequence()
  using one = await aTimedReceiver()
  using other = await aTimedReceiver()

  const alone: number[] = []
  for (let n = 0; n < SINGLE; n += 1) {
    one.arrivals.clear()
    const startedAt = performance.now()
    await signUps(1)
    await until('the event', async () => one.arrivals.size === 1)
    alone.push(([...one.arrivals.values()][0] ?? Number.NaN) - startedAt)
  }
  process.stdout.write(
    `one change to arrival: p50 ${quantile(alone, 0.5).toFixed(0)} ms, p99 ${quantile(alone, 0.99).toFixed(0)} ms\n`,
  )

  using hanging = await aReceiver(() => null)
  const { id } = await endpoints.create.mutate({ url: hanging.url, types: ['user.created'], description: 'hangs' })
  /** The mean p99 of the two that answer. */
  const measure = async (state: 'active' | 'off') => {
    await endpoints.update.mutate({ id, state })
    const figures = await burst([one, other])
    const p99 = figures.reduce((sum, figure) => sum + figure.p99, 0) / figures.length
    process.stdout.write(`${EVENTS} events, hanging endpoint ${state}: p99 ${p99.toFixed(0)} ms\n`)
    return p99
  }
  for (const state of ['active', 'off'] as const) await measure(state) // to warm up
  const ratios: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    // The order changes, so that neither tables that grow nor the machine's load favor one of them.
    const isFirst = round % 2 === 0
    const first = await measure(isFirst ? 'off' : 'active')
    const second = await measure(isFirst ? 'active' : 'off')
    ratios.push(isFirst ? second / first : first / second)
  }
  expect(hanging.all.length).toBeGreaterThan(0)
  const [ratio, p50] = [median(ratios), median(alone)]
  const range = ratios.toSorted((a, b) => a - b).map((each) => each.toFixed(2))
  process.stdout.write(`p99 beside the hanging endpoint / without it: ${ratio.toFixed(2)} (${range.join(', ')})\n`)
  process.stdout.write(`marks: p50 ${verdict(p50, MARKS.milliseconds)}, ratio ${verdict(ratio, MARKS.ratio)}\n`)
  // On a busy machine, figures say little: these are limits for what is surely wrong.
  expect(p50).toBeLessThan(10 * MARKS.milliseconds)
  expect(ratio).toBeLessThan(2)
})

const verdict = (figure: number, mark: number): string =>
  `${figure.toFixed(2)} of at most ${mark}: ${figure <= mark ? 'reached' : 'missed'}`
