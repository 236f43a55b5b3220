import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { startStripeSandbox } from '../start-stripe-sandbox.ts'

/** Posts one of the control page's forms with these headers, or gets a list. */
async function statusOf(
  url: string,
  headers: Record<string, string>,
  method: 'GET' | 'POST' = 'POST',
): Promise<number | undefined> {
  const call = request(`${url}/_/${method === 'GET' ? 'secret-keys' : 'buttons/chaos'}`, { method, headers })
  call.end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

test('accepts button presses from programs, its own page and its public URL, and refuses them from other sites', async () => {
  await using sandbox = await startStripeSandbox({ publicUrl: 'https://sandbox.example.dev' })
  const { url } = sandbox
  const sameOrigin = { 'sec-fetch-site': 'same-origin' }
  const cases: [number, Record<string, string>][] = [
    [303, {}],
    [303, { ...sameOrigin, origin: url }],
    [303, { ...sameOrigin, host: 'localhost:3002', origin: 'http://localhost:3002' }],
    [303, { ...sameOrigin, host: 'sandbox.example.dev', origin: 'https://sandbox.example.dev' }],
    [403, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    [403, { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' }],
    [403, { origin: 'https://evil.example' }],
    [403, { origin: 'null' }],
    // DNS rebinding: the attacker's own domain name, pointed at this machine.
    [403, { ...sameOrigin, host: 'evil.example', origin: 'http://evil.example' }],
  ]
  for (const [status, headers] of cases) expect([await statusOf(url, headers), headers]).toEqual([status, headers])
})

test('a page under a name that was pointed at this machine reads nothing', async () => {
  await using sandbox = await startStripeSandbox({ publicUrl: 'https://sandbox.example.dev' })
  const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' }
  const cases: [number, Record<string, string>][] = [
    [200, {}],
    [200, { host: 'sandbox.team.example' }],
    [200, browser],
    [200, { ...browser, host: 'host.docker.internal:3002' }],
    [200, { ...browser, host: 'sandbox.example.dev' }],
    // A link from another site.
    [200, { ...browser, 'sec-fetch-site': 'cross-site' }],
    [403, { ...browser, host: 'evil.example:3002' }],
    [403, { host: 'evil.example', 'sec-fetch-site': 'same-origin' }],
  ]
  for (const [status, headers] of cases)
    expect([await statusOf(sandbox.url, headers, 'GET'), headers]).toEqual([status, headers])
  const call = request(sandbox.url, { headers: { ...browser, host: 'evil.example' } })
  call.end()
  const [page] = (await once(call, 'response')) as [IncomingMessage]
  page.resume()
  expect(page.statusCode).toBe(403)
})
