import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { startStripeSandbox } from '../start-stripe-sandbox.ts'

/** Posts one of the control page's forms with these headers. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const call = request(`${url}/_/buttons/chaos`, { method: 'POST', headers })
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
