import { once } from 'node:events'
import { get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTollgateClient } from '@tollgate/client'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lockWaits } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { createApp } from '../../app.ts'
import { createMetrics } from '../metrics.ts'
import { createHttpServer } from './http-server.ts'

let app: TestApp
let server: Server
let url: string
const lines: Record<string, unknown>[] = []
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) })
  server = createHttpServer(createApp({ ...app.deps, log, metrics: createMetrics() }, () => false))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => (lines.length = 0))
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await app[Symbol.asyncDispose]()
})

const logged = async (count = 1) => {
  await until('the requests to be logged', async () => lines.length >= count)
  return lines
}

describe('the request log', () => {
  test('has a line per request, with procedure, user, status, time and request id', async () => {
    const user = await app.aUser()
    const { api } = createTollgateClient({ url, cookies: 'memory' })
    await api.auth.login.mutate({ email: user.email, password: user.password })
    await Promise.all([api.auth.me.query(), api.billing.plans.list.query()])
    const [login, read, ...more] = await logged(2)
    const always = { level: 30, msg: 'request', requestId: expect.any(String), ms: expect.any(Number), status: 200 }
    expect(login).toMatchObject({ ...always, method: 'POST', route: '/trpc', procedure: 'auth.login' })
    expect(read).toMatchObject({ ...always, method: 'GET', route: '/trpc', userId: user.id })
    expect(String(read?.['procedure']).split(',').toSorted()).toEqual(['auth.me', 'billing.plans.list'])
    expect(more).toEqual([])
  })

  test('names the declared route of REST and other requests, and the request id that the answer carries', async () => {
    const { headers } = await fetch(`${url}/billing/plans`)
    await fetch(`${url}/nothing/here`)
    await fetch(`${url}/billing/stripe/webhook`, { method: 'POST', body: '{}' })
    const [plan, unknown, webhook] = await logged(3)
    expect(plan).toMatchObject({ status: 200, procedure: 'billing.plans.list', requestId: headers.get('x-request-id') })
    expect(plan).toMatchObject({ route: '/billing/plans' })
    expect(unknown).toMatchObject({ method: 'GET', status: 404 })
    expect(unknown).not.toHaveProperty('route')
    expect(webhook).toMatchObject({ method: 'POST', route: '/billing/stripe/webhook', status: 400 })
  })

  test('has no query string, header or body, whatever a client sends', async () => {
    const secret = 'hush-hush-hush'
    const json = { headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, cookie: secret } }
    await fetch(`${url}/verify?token=${secret}`, { redirect: 'manual', ...json })
    await fetch(`${url}/${secret}`, json)
    await fetch(`${url}/trpc/${secret}?input=${secret}`, json)
    await fetch(`${url}/trpc/auth.login`, {
      method: 'POST',
      ...json,
      body: JSON.stringify({ json: { password: secret } }),
    })
    expect(JSON.stringify(await logged(4))).not.toContain(secret)
  })

  test('says so when the client was gone before the answer', async () => {
    await app.scope().em.transactional(async (em) => {
      await em.execute('lock table plans in access exclusive mode')
      const asked = get(`${url}/billing/plans`).on('error', () => undefined)
      await lockWaits(app, 1)
      asked.destroy()
      expect(await logged()).toMatchObject([{ method: 'GET', route: '/billing/plans', aborted: true }])
    })
  })

  test('leaves out what monitoring asks every few seconds', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/billing/plans']) await fetch(`${url}${path}`)
    await logged()
    expect(lines.map(({ procedure }) => procedure)).toEqual(['billing.plans.list'])
  })
})
