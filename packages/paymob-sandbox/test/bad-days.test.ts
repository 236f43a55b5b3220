import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startPaymobSandbox, type PaymobSandbox } from '../src/index.ts'
import { Merchant } from './merchant.ts'
import { hmacOf, startReceiver } from './receiver.ts'

let sandbox: PaymobSandbox
let receiver: Awaited<ReturnType<typeof startReceiver>>
let merchant: Merchant
const folder = mkdtempSync(join(tmpdir(), 'paymob-sandbox-'))

beforeAll(async () => {
  sandbox = await startPaymobSandbox()
  receiver = await startReceiver()
  merchant = new Merchant(sandbox, receiver.url)
})
beforeEach(() => {
  receiver.received.length = 0
})
afterEach(async () => {
  await merchant.control('PUT', '/_/chaos')
  await merchant.control('POST', '/_/fail-next', { count: 0 })
  await merchant.control('PUT', '/_/api', { down: false })
})
afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const PLANS = '/api/acceptance/subscription-plans'

test('the controls are read and used by programs and own pages, and not under a name that was pointed at this machine', async () => {
  const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' }
  const rebound = { ...browser, host: 'evil.example:3006' }
  const cases: [number, 'GET' | 'PUT', Record<string, string>][] = [
    [200, 'GET', {}],
    [200, 'GET', { host: 'sandbox.team.example' }],
    [200, 'GET', browser],
    [200, 'GET', { ...browser, host: 'host.docker.internal:3006' }],
    [200, 'GET', { ...browser, 'sec-fetch-site': 'cross-site' }],
    [403, 'GET', rebound],
    [403, 'GET', { host: 'evil.example', 'sec-fetch-site': 'same-origin' }],
    [200, 'PUT', {}],
    [403, 'PUT', { ...rebound, origin: 'http://evil.example:3006' }],
    [403, 'PUT', { origin: 'https://evil.example' }],
  ]
  for (const [status, method, headers] of cases) {
    const call = request(`${sandbox.url}/_/chaos`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
    })
    call.end(method === 'PUT' ? '{}' : undefined)
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    response.resume()
    expect([response.statusCode, method, headers]).toEqual([status, method, headers])
  }
})

describe('callbacks', () => {
  test('are lost, and can be sent later', async () => {
    await merchant.control('PUT', '/_/chaos', { drop: 1 })
    await merchant.subscribe()
    await sandbox.drained()
    expect(receiver.received).toEqual([])
    const [created] = sandbox.callbacks()
    expect(created).toMatchObject({ type: 'Subscription Created', status: 'dropped' })
    await merchant.control('POST', `/_/callbacks/${created?.id}/resend`)
    expect(receiver.types()).toEqual(['Subscription Created'])
  })

  test('arrive twice', async () => {
    await merchant.control('PUT', '/_/chaos', { duplicate: 1 })
    await merchant.pay(await merchant.intention())
    await sandbox.drained()
    expect(receiver.received).toHaveLength(2)
    expect(receiver.received[0]?.raw).toBe(receiver.received[1]?.raw)
  })

  test('are replayed a month later with the same bytes', async () => {
    const { id } = await merchant.subscribe()
    await sandbox.drained()
    const [first] = receiver.received
    const old = sandbox
      .callbacks()
      .find(({ type, subscriptionId }) => type === 'Subscription Created' && subscriptionId === id)
    await sandbox.advance({ days: 31 })
    receiver.received.length = 0
    await merchant.control('POST', `/_/callbacks/${old?.id}/resend`)
    expect(receiver.received[0]?.body.subscription_data.id).toBe(id)
    expect(receiver.received[0]?.raw).not.toBe(first?.raw)
    expect(JSON.parse(receiver.received[0]?.raw ?? '')).toEqual(old?.body)
  })

  test('are forged with a valid HMAC: another amount, another subscription', async () => {
    const { id } = await merchant.subscribe()
    await sandbox.drained()
    const [created, , transaction] = sandbox.callbacks()
    receiver.received.length = 0
    await merchant.control('POST', `/_/callbacks/${transaction?.id}/forge`, { set: { 'obj.amount_cents': 1 } })
    await merchant.control('POST', `/_/callbacks/${created?.id}/forge`, {
      set: { 'subscription_data.id': id + 1, trigger_type: 'resumed' },
    })
    const [paid, resumed] = receiver.received
    expect(paid?.body.obj.amount_cents).toBe(1)
    expect(paid?.hmac).toMatch(/^[0-9a-f]{128}$/)
    expect(paid?.hmac).not.toBe(transaction?.hmac)
    expect(resumed?.body.hmac).toBe(hmacOf(sandbox.hmacSecret, `resumedfor${id + 1}`))
    // The callbacks that were copied are still there.
    expect(sandbox.callbacks()).toMatchObject([
      { forges: created?.id, type: 'resumed' },
      { forges: transaction?.id },
      { id: created?.id, forges: null },
      {},
      { id: transaction?.id, forges: null },
      ...sandbox.callbacks().slice(5),
    ])
  })

  test('are not repeated when the receiver fails, unless it was started so', async () => {
    await using failing = await startReceiver((call) => (call === 1 ? 500 : 200))
    await new Merchant(sandbox, failing.url).pay(await new Merchant(sandbox, failing.url).intention())
    await sandbox.drained()
    expect(failing.received).toHaveLength(1)
    expect(sandbox.callbacks()[0]).toMatchObject({ status: 'failed', responseStatus: 500 })

    await using patient = await startPaymobSandbox({ retryDelaysMs: [1] })
    await using again = await startReceiver((call) => (call === 1 ? 500 : 200))
    const other = new Merchant(patient, again.url)
    await other.pay(await other.intention())
    await patient.drained()
    expect(again.received).toHaveLength(2)
    expect(patient.callbacks()[0]).toMatchObject({ status: 'delivered', attempts: 2 })
  })
})

describe('the API', () => {
  test('fails before a call takes effect, and only where it should', async () => {
    await merchant.control('POST', '/_/fail-next', { count: 1, status: 502, path: 'intention' })
    expect((await merchant.bearer('GET', PLANS)).status).toBe(200)
    expect((await merchant.intention({ special_reference: 'lost-1' })).status).toBe(502)
    expect((await merchant.intention({ special_reference: 'lost-1' })).status).toBe(201)
  })

  test('carries a call out and loses the answer', async () => {
    await merchant.control('POST', '/_/fail-next', { count: 1, reset: true, afterExecution: true })
    await expect(merchant.intention({ special_reference: 'lost-2' })).rejects.toThrow('fetch failed')
    expect((await merchant.intention({ special_reference: 'lost-2' })).status).toBe(422)
  })

  test('is down, with the checkout page, until it is up again', async () => {
    const intention = await merchant.intention()
    const page = `/unifiedcheckout/?publicKey=${sandbox.publicKey}&clientSecret=${intention.body.client_secret}`
    await merchant.control('PUT', '/_/api', { down: true })
    expect((await merchant.bearer('GET', PLANS)).status).toBe(503)
    expect((await merchant.call('GET', page)).status).toBe(503)
    await merchant.control('PUT', '/_/api', { down: false })
    expect((await merchant.call('GET', page)).status).toBe(200)
  })
})

describe('settings', () => {
  test('decide what the documentation leaves open', async () => {
    await using other = await startPaymobSandbox({
      settings: { endsAtNull: 'refused', failedRenewalMoves: 'at_once', initialTransactionListed: 'yes' },
    })
    const client = new Merchant(other, receiver.url)
    const { id, payment } = await client.subscribe({}, { card: '4000 0000 0000 0341' })
    const { next_billing: due } = await client.subscription(id)
    expect((await client.bearer('PUT', `/api/acceptance/subscriptions/${id}`, { ends_at: null })).status).toBe(400)
    expect((await client.payments(id)).map((each) => each.id)).toEqual([payment.id])
    await other.advance({ days: 31 })
    expect(Date.parse((await client.subscription(id)).next_billing)).toBe(Date.parse(due) + 30 * 86_400_000)
    await other.advance({ days: 10 })
    expect(await client.payments(id)).toHaveLength(3)
    expect((await client.control('PUT', '/_/settings', { endsAtNull: 'perhaps' })).status).toBe(400)
  })
})

test('a state file keeps everything, and the clock', async () => {
  const stateFile = join(folder, 'paymob.json')
  const before = await startPaymobSandbox({ stateFile })
  const { id } = await new Merchant(before, receiver.url).subscribe()
  await before.advance({ days: 31 })
  const now = before.now()
  await before[Symbol.asyncDispose]()

  await using after = await startPaymobSandbox({ stateFile })
  const client = new Merchant(after, receiver.url)
  expect(await client.payments(id)).toHaveLength(1)
  expect(after.now().getTime()).toBeGreaterThanOrEqual(now.getTime())
  expect((await client.subscribe()).id).toBe(id + 1)
})

test('a followed clock moves it, and is moved by it', async () => {
  let now = Date.now()
  const clock = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      if (request.method === 'POST') now = Date.parse(JSON.parse(body).to)
      response.end(JSON.stringify({ now: new Date(now).toISOString() }))
    })
  })
  clock.listen(0, '127.0.0.1')
  await once(clock, 'listening')
  const address = clock.address()
  const clockUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/_/clock`
  try {
    await using follower = await startPaymobSandbox({ clockUrl })
    const client = new Merchant(follower, receiver.url)
    const { id } = await client.subscribe()
    now += 31 * 86_400_000
    expect(await client.payments(id)).toHaveLength(1)
    await client.control('POST', '/_/clock/advance', { days: 30 })
    expect(await client.payments(id)).toHaveLength(2)
    expect(now).toBeGreaterThan(Date.now() + 60 * 86_400_000)
  } finally {
    clock.closeAllConnections()
    clock.close()
  }
})

test('an unknown address is a page for a browser, and JSON for a program', async () => {
  const ask = (accept: string) => fetch(`${sandbox.url}/api/nothing`, { headers: { accept } })
  const [page, json] = [await ask('text/html,*/*;q=0.8'), await ask('*/*')]
  expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('<h1>Page not found</h1>')])
  const message = expect.stringContaining('GET /api/nothing')
  expect([json.status, await json.json()]).toEqual([404, { error: { message } }])
})

test('refuses to run in production, and with live keys', async () => {
  await expect(startPaymobSandbox({ secretKey: 'egy_sk_live_1' })).rejects.toThrow('only test keys')
})
