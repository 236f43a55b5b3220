import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { clientOf, DAY, errorOf, itemOf, PATIENCE_MS, TestSandbox } from './test-sandbox.ts'
import { startEndpoint } from './webhook-receiver.ts'

const folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-'))
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** The program, as `npm start` runs it. */
function run(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; output: () => string; url: Promise<string> } {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/cli.ts'), ...args], {
    env: { ...process.env, NODE_ENV: 'test', ...env },
  })
  running.add(child)
  let text = ''
  const { promise, resolve } = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const [, url] = /^(http:\S+)$/m.exec(text) ?? []
      if (url) resolve(url)
    })
  }
  return { child, output: () => text, url: promise }
}

async function control(url: string, method: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })).status).toBe(200)
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null) return child.exitCode
  const [code] = (await once(child, 'exit')) as unknown[]
  return code
}

// It starts two programs, which takes a while on a busy machine.
test(
  'after a kill -9, everything that was answered is still there, including the clock',
  { timeout: 120_000 },
  async () => {
    const args = [
      '--port',
      '0',
      '--state-file',
      join(folder, 'killed.state'),
      '--webhook-url',
      'http://127.0.0.1:9/',
      '--webhook-secret',
      'whsec_one',
    ]
    const first = run(args)
    const stripe = clientOf({ url: await first.url, secretKey: 'sk_test_sandbox' })
    const price = await stripe.prices.create({
      currency: 'usd',
      unit_amount: 900,
      recurring: { interval: 'month' },
      product_data: { name: 'Pro' },
    })
    const params = { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } }
    const customer = await stripe.customers.create(params, { idempotencyKey: 'kept' })
    const { id } = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] })
    await control(await first.url, 'PUT', '/_/chaos', { drop: 1 })
    await control(await first.url, 'POST', '/_/clock/advance', { days: 40 })
    const before = await stripe.subscriptions.retrieve(id)
    first.child.kill('SIGKILL')
    await exitOf(first.child)

    const second = run(args.map((arg) => (arg === 'whsec_one' ? 'whsec_two' : arg)))
    const again = clientOf({ url: await second.url, secretKey: 'sk_test_sandbox' })
    const after = await again.subscriptions.retrieve(id)
    expect(itemOf(after)).toEqual(itemOf(before))
    expect((await again.webhookEndpoints.list()).data).toHaveLength(1)
    const { now } = (await (await fetch(`${await second.url}/_/clock`)).json()) as { now: string }
    expect(Date.parse(now) - Date.now()).toBeGreaterThan(39 * 24 * 3600 * 1000)
    expect((await again.customers.create(params, { idempotencyKey: 'kept' })).id).toBe(customer.id)
    await control(await second.url, 'PUT', '/_/chaos', { drop: 1 })
    await control(await second.url, 'POST', '/_/clock/advance', { days: 31 })
    expect(itemOf(await again.subscriptions.retrieve(id)).current_period_start).toBe(itemOf(before).current_period_end)
    second.child.kill('SIGTERM')
    expect(await exitOf(second.child)).toBe(0)
  },
)

test('after a restart with another webhook URL, events go to the new URL only', async () => {
  const stateFile = join(folder, 'moved.state')
  const endpointsOf = async (it: TestSandbox) => {
    const { data } = await it.stripe.webhookEndpoints.list()
    return Object.fromEntries(data.map(({ url, status }) => [url, status]))
  }
  const [before, after, own] = ['http://127.0.0.1:9/a', 'http://127.0.0.1:9/b', 'http://127.0.0.1:9/own']
  const first = await TestSandbox.start({ stateFile, webhookEndpoints: [{ url: before }] })
  await first.stripe.webhookEndpoints.create({ url: own, enabled_events: ['*'] })
  await first[Symbol.asyncDispose]()

  const second = await TestSandbox.start({ stateFile, webhookEndpoints: [{ url: after }] })
  expect(await endpointsOf(second)).toEqual({ [before]: 'disabled', [after]: 'enabled', [own]: 'enabled' })
  await second[Symbol.asyncDispose]()

  await using third = await TestSandbox.start({ stateFile, webhookEndpoints: [{ url: before }] })
  expect(await endpointsOf(third)).toEqual({ [before]: 'enabled', [after]: 'disabled', [own]: 'enabled' })
})

test('sandboxes in one process share no objects, no clock and no events', async () => {
  await using one = await TestSandbox.start()
  await using other = await TestSandbox.start()
  const { id } = await one.stripe.customers.create({ name: 'Ada' })
  await one.sandbox.advance({ days: 40 })
  expect((await errorOf(other.stripe.customers.retrieve(id))).statusCode).toBe(404)
  expect(other.sandbox.eventTypes()).toEqual([])
  expect(one.sandbox.now().getTime() - other.sandbox.now().getTime()).toBeGreaterThan(39 * DAY * 1000)
})

test('a truncated last line of the state file is skipped, and the lines before it are kept', async () => {
  const stateFile = join(folder, 'cut.state')
  const first = await TestSandbox.start({ stateFile })
  const { id } = await first.stripe.customers.create({ name: 'Kept' })
  await first[Symbol.asyncDispose]()
  appendFileSync(stateFile, '[{"table":"customers","id":"cus_torn","row":{"id":"cus_to')

  await using it = await TestSandbox.start({ stateFile })
  expect((await it.stripe.customers.list()).data.map((customer) => customer.id)).toEqual([id])
})

test('a taken port is reported in one sentence, with exit code 1', async () => {
  await using it = await TestSandbox.start()
  const { port } = new URL(it.sandbox.url)
  const { child, output } = run(['--port', port])
  expect(await exitOf(child)).toBe(1)
  expect(output()).toBe(`The Stripe sandbox can't start: port ${port} is already in use.\n`)
})

test.each([
  [['--prot', '3'], /^Unknown option '--prot'[^\n]*\n\nUsage: stripe-sandbox /],
  [['--port', 'abc'], /^The Stripe sandbox can't start: the port must be a number from 0 to 65535\.\n$/],
  [
    ['--webhook-url', 'app'],
    /^The Stripe sandbox can't start: the webhook URL must begin with http[^\n]* it is app\.\n$/,
  ],
])('the arguments %j are refused in one sentence, with exit code 1', async (args, sentence) => {
  const { child, output } = run(args)
  expect(await exitOf(child)).toBe(1)
  expect(output()).toMatch(sentence)
})

test('the output has the URL first, then the key, the webhook secret and how to keep the state', async () => {
  const { child, output, url } = run([
    '--port',
    '0',
    '--webhook-url',
    'http://127.0.0.1:9/',
    '--webhook-secret',
    'whsec_one',
  ])
  const address = await url
  expect(output().startsWith(`${address}\n`)).toBe(true)
  child.kill('SIGTERM')
  expect(await exitOf(child)).toBe(0)
  for (const part of ['sk_test_sandbox', 'whsec_one', '--state-file']) expect(output()).toContain(part)
})

test("prints each event and each attempt to deliver it, in the sandbox's time, unless it is quiet", async () => {
  await using receiver = await startEndpoint((response) => {
    response.writeHead(500)
    response.end()
  })
  const args = ['--port', '0', '--webhook-url', receiver.url]
  const [loud, quiet] = [run(args), run([...args, '--quiet'])]
  for (const { url } of [loud, quiet]) {
    await control(await url, 'PUT', '/_/chaos', { drop: 0 })
    await clientOf({ url: await url, secretKey: 'sk_test_sandbox' }).products.create({ name: 'Pro' })
  }
  const attempt = /^ +<-- \[500\] POST (\S+) \[(evt_\w+)\], will be sent again$/m
  await expect.poll(loud.output, { timeout: PATIENCE_MS }).toMatch(attempt)
  const [, url, event] = attempt.exec(loud.output()) ?? []
  expect(url).toBe(receiver.url)
  const year = new Date().toISOString().slice(0, 4)
  expect(loud.output()).toMatch(
    new RegExp(`^${year}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d {2}--> product\\.created \\[${event}\\]$`, 'm'),
  )
  expect(quiet.output()).not.toContain('-->')
  for (const { child } of [loud, quiet]) child.kill('SIGTERM')
  for (const { child } of [loud, quiet]) expect(await exitOf(child)).toBe(0)
})

test('refuses to start with NODE_ENV=production', async () => {
  const { child, output } = run(['--port', '0'], { NODE_ENV: 'production' })
  expect(await exitOf(child)).toBe(1)
  expect(output()).toContain('refuses to run with NODE_ENV=production')
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the program with exit code 0', async (signal) => {
  const { child, url } = run(['--port', '0'])
  await url
  child.kill(signal)
  expect(await exitOf(child)).toBe(0)
})
