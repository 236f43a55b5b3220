import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startWebhookSandbox, type WebhookSandbox } from '../src/index.ts'

const SECRET = `whsec_${Buffer.from('the secret of an endpoint, long').toString('base64')}`
const stack = new AsyncDisposableStack()
let sandbox: WebhookSandbox
/** What the app behind the sandbox got, oldest first. */
const passed: { headers: IncomingHttpHeaders; body: string }[] = []
beforeAll(async () => {
  const app = createServer((req, res) => {
    let body = ''
    req.on('data', (part: Buffer) => (body += part.toString()))
    req.on('end', () => {
      passed.push({ headers: req.headers, body })
      res.writeHead(202).end()
    })
  })
  app.listen(0, '127.0.0.1')
  await once(app, 'listening')
  stack.defer(() => {
    app.closeAllConnections()
    app.close()
  })
  const forwardTo = `http://127.0.0.1:${(app.address() as AddressInfo).port}/webhooks`
  sandbox = stack.use(await startWebhookSandbox({ secrets: [SECRET], forwardTo }))
})
afterAll(() => stack.disposeAsync())
beforeEach(async () => {
  passed.length = 0
  await Promise.all([ask('/_/deliveries', 'DELETE'), ask('/_/chaos', 'PUT', {})])
})

async function ask(path: string, method = 'GET', body?: object) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const response = await fetch(sandbox.url + path, { method, ...sent })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** Sends an event as Tollgate does. */
async function deliver(version: number, { secret = SECRET, id = `evt_${version}` } = {}): Promise<Response> {
  const body = JSON.stringify({ id, type: 'user.updated', version, data: { id: 'ada', name: 'Zoë' } })
  const at = new Date()
  const headers = {
    ...{
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(Number(at) / 1000)),
    },
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
  return fetch(sandbox.hookUrl, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) })
}
const versions = () => passed.map(({ body }) => (JSON.parse(body) as { version: number }).version)

test('a delivery is shown with its signature, and passed on as it came', async () => {
  expect((await deliver(1)).status).toBe(200)
  await expect.poll(versions).toEqual([1])
  const [{ headers, body } = { headers: {}, body: '' }] = passed
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({ data: { name: 'Zoë' } })
  await expect
    .poll(() => sandbox.deliveries()[0])
    .toMatchObject({
      ...{ id: 'evt_1', copy: 1, signature: 'valid', isLate: false, answer: '200' },
      ...{ event: { type: 'user.updated', version: 1, objectId: 'ada' }, forwards: [{ status: 202, error: null }] },
    })
  const page = await (await fetch(`${sandbox.url}/_/`)).text()
  expect(page).toContain('signature valid')
  expect(page).toContain('passed on: 202')
})

test('a wrong signature, a second copy and an older version are marked', async () => {
  await deliver(3)
  await deliver(3)
  await deliver(2)
  await deliver(4, { secret: `whsec_${Buffer.from('another secret, also long').toString('base64')}` })
  expect(sandbox.deliveries().map(({ copy, isLate, signature }) => [copy, isLate, signature])).toEqual([
    [1, false, 'wrong'],
    [1, true, 'valid'],
    [2, false, 'valid'],
    [1, false, 'valid'],
  ])
  await expect.poll(() => passed.length).toBe(4)
})

test('deliveries are dropped, doubled, reordered and delayed on the way', async () => {
  sandbox.disturb({ drop: 1 })
  await deliver(1)
  expect(sandbox.deliveries()[0]).toMatchObject({ isDropped: true, forwards: [] })
  expect((await ask('/_/deliveries/1/pass', 'POST')).status).toBe(400)
  const { number } = sandbox.deliveries()[0] ?? { number: 0 }
  await ask(`/_/deliveries/${number}/pass`, 'POST')
  expect(versions()).toEqual([1])

  sandbox.disturb({ drop: 0, duplicate: 1 })
  await deliver(2)
  await expect.poll(versions).toEqual([1, 2, 2])

  sandbox.disturb({ duplicate: 0, reorder: 1 })
  await deliver(3)
  await deliver(4)
  await expect.poll(versions).toEqual([1, 2, 2, 4, 3])

  await ask('/_/chaos', 'PUT', { delayMs: 150 })
  await deliver(5)
  await expect.poll(versions).toEqual([1, 2, 2, 4, 3, 5])
  // Its answer is noted a moment after the app has got it.
  await expect.poll(() => sandbox.deliveries()[0]?.forwards.length).toBe(1)
  const [late] = sandbox.deliveries()
  expect(Date.parse(late?.forwards[0]?.at ?? '') - Date.parse(late?.receivedAt ?? '')).toBeGreaterThan(140)
})

test('Tollgate gets the answer that was chosen, and what failed is not passed on', async () => {
  sandbox.disturb({ answer: '429' })
  const busy = await deliver(1)
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '60'])
  sandbox.disturb({ answer: 'hang' })
  const hanging = new AbortController()
  const sent = fetch(sandbox.hookUrl, { method: 'POST', body: '{}', signal: hanging.signal })
  await expect.poll(() => sandbox.deliveries().length).toBe(2)
  hanging.abort()
  await expect(sent).rejects.toThrow('aborted')
  expect(passed).toEqual([])
})

test('bad input is refused with a sentence, and changes nothing', async () => {
  const before = await ask('/_/chaos')
  for (const [body, words] of [
    [{ drop: 2 }, 'drop must be a number from 0 to 1.'],
    [{ delay: 1 }, 'delay is not a setting'],
    [{ answer: '418' }, 'answer must be one of 200'],
    [{ toString: 1 }, 'toString is not a setting'],
  ] as const)
    expect(await ask('/_/chaos', 'PUT', body)).toMatchObject({
      ...{ status: 400, body: { error: { message: expect.stringContaining(words) } } },
    })
  expect(await ask('/_/chaos')).toEqual(before)
  const forward = await ask('/_/forward')
  expect((await ask('/_/forward', 'PUT', { url: 'file:///etc/passwd' })).status).toBe(400)
  expect((await ask('/_/forward', 'PUT', { address: 'http://127.0.0.1:4000/' })).status).toBe(400)
  expect((await ask('/_/secrets', 'POST', { secret: 'password' })).status).toBe(400)
  expect(await ask('/_/forward')).toEqual(forward)
})

test('pages of other sites press no button', async () => {
  const press = (headers: Record<string, string>) =>
    fetch(`${sandbox.url}/_/buttons/calm`, { method: 'POST', headers, redirect: 'manual' })
  expect((await press({ origin: 'https://evil.example' })).status).toBe(403)
  expect((await press({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await press({ origin: sandbox.url })).status).toBe(303)
})

test('pages of a foreign name that leads to this machine see nothing', async () => {
  const get = async (headers: Record<string, string>) => {
    const sent = request(`${sandbox.url}/_/deliveries`, { headers }).end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    answer.resume()
    return answer.statusCode
  }
  const browser = { 'user-agent': 'Mozilla/5.0' }
  expect(await get({ ...browser, host: 'evil.example' })).toBe(403)
  expect(await get({ 'sec-fetch-site': 'same-origin', host: 'evil.example' })).toBe(403)
  expect(await get({ ...browser, host: 'localhost:3007' })).toBe(200)
  expect(await get({ host: 'host.docker.internal:3007' })).toBe(200)
})

test('what a delivery says is text on the page, and a button that does not exist breaks nothing', async () => {
  const attack = '<img src=x onerror=alert(1)>'
  const body = JSON.stringify({ type: attack, version: 1, data: { id: attack } })
  await fetch(sandbox.hookUrl, { method: 'POST', headers: { 'webhook-id': attack, 'webhook-signature': attack }, body })
  expect((await ask('/_/buttons/constructor', 'POST')).status).toBe(404)
  const page = await fetch(`${sandbox.url}/_/`)
  expect(page.status).toBe(200)
  const text = await page.text()
  expect(text).toContain('&lt;img src=x')
  expect(text).not.toContain('<img')
})

test('an unknown address is a page for a browser, and JSON for a program', async () => {
  const page = await fetch(`${sandbox.url}/nothing`, { headers: { accept: 'text/html,*/*;q=0.8' } })
  expect([page.status, await page.text()]).toEqual([404, expect.stringContaining('<h1>Page not found</h1>')])
  const message = expect.stringContaining('GET /nothing')
  expect(await ask('/nothing')).toEqual({ status: 404, body: { error: { message } } })
})

test('a delivery that the receiver would pass on to itself ends there', async () => {
  const { body: before } = await ask('/_/forward')
  await ask('/_/forward', 'PUT', { url: sandbox.hookUrl })
  await deliver(1)
  await expect.poll(() => sandbox.deliveries()[0]?.forwards).toMatchObject([{ status: 508 }])
  expect(sandbox.deliveries()).toHaveLength(1)

  await ask('/_/forward', 'PUT', { url: '' })
  const again = await ask(`/_/deliveries/${sandbox.deliveries()[0]?.number}/pass`, 'POST')
  expect(again).toMatchObject({ status: 400, body: { error: { message: 'Enter the address of your own app first.' } } })
  await ask('/_/forward', 'PUT', before)
})

test('it does not start with a secret or an address that cannot work', async () => {
  await expect(startWebhookSandbox({ secrets: ['password'] })).rejects.toThrow('A secret begins with whsec_.')
  await expect(startWebhookSandbox({ forwardTo: 'file:///etc/passwd' })).rejects.toThrow('The address must be a URL')
})
