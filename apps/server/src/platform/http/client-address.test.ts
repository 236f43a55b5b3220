import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({ TRUST_PROXY: '127.0.0.1' }, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

test.each([
  ['an address', '203.0.113.7', '203.0.113.7'],
  ['an address with a port', '203.0.113.7:4711', '203.0.113.7'],
  ['an IPv6 address with a port', '[2001:db8::7]:4711', '2001:db8::7'],
  ['no address', 'nonsense', ''],
  ['a long text', 'x'.repeat(5_000), ''],
  ['an address with a long interface', `fe80::1%${'x'.repeat(100)}`, ''],
])('a login for which a trusted proxy names %s succeeds and keeps the address alone', async (_what, named, ip) => {
  const { id, email, password } = await app.aUser()
  const response = await fetch(`${app.url}/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': named },
    body: JSON.stringify({ json: { email, password } }),
  })
  expect(response.status).toBe(200)
  expect(await app.scope().em.execute('select ip from sessions where user_id = ?', [id])).toContainEqual({ ip })
})
