import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createTollgateServer,
  TollgateMisuse,
  TollgateRefusal,
  TollgateUnavailable,
  type TollgateServerOptions,
} from '../src/index.ts'
import { ACCOUNT, ENTITLEMENTS, SERVICE_KEY, SmallBackend, USAGE, USER } from './small-backend.ts'

const READ = `/v1/accounts/${ACCOUNT}/entitlements`
const COUNT = `/v1/accounts/${ACCOUNT}/usage`
const RESERVATION = '01900000-0000-7000-8000-0000000000e5'
const SECOND = 1000
const BUSY = { status: 503, reason: 'BUSY' }

let backend: SmallBackend
beforeEach(async () => {
  backend = await SmallBackend.start()
})
afterEach(() => backend[Symbol.asyncDispose]())

/** A server whose time stands still, except when a test moves it. */
function aServer(options: Partial<TollgateServerOptions> = {}) {
  let at = Date.now()
  const all = { url: backend.url, serviceKey: SERVICE_KEY, now: () => at, ...options }
  return Object.assign(createTollgateServer(all), { pass: (ms: number) => (at += ms) })
}

describe('entitlements', () => {
  test('are read with the key, and have dates', async () => {
    const entitlements = await aServer().entitlements(ACCOUNT)
    const { features, ...more } = ENTITLEMENTS
    const resetsAt = new Date(features.api_calls.resetsAt)
    expect(entitlements).toEqual({ ...more, features: { ...features, api_calls: { ...features.api_calls, resetsAt } } })
    expect(backend.callsOf('GET', READ)[0]?.authorization).toBe(`Bearer ${SERVICE_KEY}`)
  })

  test('are asked for once by many, and again after 5 seconds', async () => {
    const server = aServer()
    await Promise.all(Array.from({ length: 20 }, async () => server.entitlements(ACCOUNT)))
    await server.entitlements(ACCOUNT)
    expect(backend.callsOf('GET', READ)).toHaveLength(1)
    server.pass(5 * SECOND)
    await server.entitlements(ACCOUNT)
    expect(backend.callsOf('GET', READ)).toHaveLength(2)
  })

  test('of an id in capitals are the same, and are forgotten with it', async () => {
    const server = aServer()
    await server.entitlements(ACCOUNT.toUpperCase())
    await server.entitlements(ACCOUNT)
    await server.feature(ACCOUNT.toUpperCase(), 'sso')
    expect(backend.callsOf('GET', READ)).toHaveLength(1)
    backend.answers.set(`POST ${COUNT}`, () => USAGE)
    await server.consume(ACCOUNT, { feature: 'api_calls', key: 'a' })
    await server.entitlements(ACCOUNT.toUpperCase())
    expect(backend.callsOf('GET', READ)).toHaveLength(2)
  })

  test('are asked for again once something was counted', async () => {
    const server = aServer()
    await server.entitlements(ACCOUNT)
    await server.consume(ACCOUNT, { feature: 'api_calls', key: 'a' })
    await server.entitlements(ACCOUNT)
    expect(backend.callsOf('GET', READ)).toHaveLength(2)
  })

  test.each([
    { what: 'is not remembered', accountId: ACCOUNT, calls: 2 },
    { what: 'is remembered if another account counted', accountId: USER, calls: 1 },
  ])('an answer that was on its way when something was counted $what', async ({ accountId, calls }) => {
    backend.answers.set(`POST /v1/accounts/${accountId}/usage`, () => USAGE)
    const held = Promise.withResolvers<void>()
    const server = aServer({
      async fetch(input, init) {
        const response = await fetch(input, init)
        if (init?.method === 'GET') await held.promise
        return response
      },
    })
    const early = server.entitlements(ACCOUNT)
    await server.consume(accountId, { feature: 'api_calls', key: 'a' })
    held.resolve()
    await early
    await server.entitlements(ACCOUNT)
    expect(backend.callsOf('GET', READ)).toHaveLength(calls)
  })

  test('are the last known ones for 5 minutes while the backend can not be reached', async () => {
    const errors: unknown[] = []
    const server = aServer({ timeout: 200, onError: (error) => errors.push(error) })
    const known = await server.entitlements(ACCOUNT)
    backend.answers.set(`GET ${READ}`, () => 'nothing')
    server.pass(10 * SECOND)
    expect(await server.entitlements(ACCOUNT)).toEqual(known)
    expect(errors).toEqual([expect.any(TollgateUnavailable)])
    server.pass(300 * SECOND)
    await expect(server.entitlements(ACCOUNT)).rejects.toThrow(TollgateUnavailable)
  })

  test('a refusal is never replaced by an older answer', async () => {
    const server = aServer({ entitlementsFor: 0 })
    await server.entitlements(ACCOUNT)
    backend.answers.set(`GET ${READ}`, () => ({ status: 404, reason: 'ACCOUNT_NOT_FOUND' }))
    await expect(server.entitlements(ACCOUNT)).rejects.toMatchObject({ reason: 'ACCOUNT_NOT_FOUND', status: 404 })
  })

  test('a feature has its state, and one that no plan has is an error', async () => {
    const server = aServer()
    expect(await server.feature(ACCOUNT, 'api_calls')).toMatchObject({ allowed: true, remaining: 99 })
    expect(await server.feature(ACCOUNT, 'sso')).toMatchObject({ allowed: false })
    for (const name of ['api_cals', 'constructor', '__proto__']) {
      await expect(server.feature(ACCOUNT, name)).rejects.toMatchObject({ reason: 'FEATURE_NOT_FOUND' })
    }
  })
})

describe('usage', () => {
  test('is counted, reserved, settled and given back', async () => {
    const server = aServer()
    const path = `${COUNT}/${RESERVATION}`
    backend.answers.set(`POST ${COUNT}`, ({ body }) =>
      body['reserve'] ? { ...USAGE, reservation: RESERVATION } : USAGE,
    )
    backend.answers.set(`PATCH ${path}`, () => ({ ...USAGE, used: 3 }))
    backend.answers.set(`DELETE ${path}`, () => ({ ...USAGE, used: 0 }))
    expect(await server.consume(ACCOUNT, { feature: 'api_calls', amount: 2, key: 'job-1' })).toEqual(USAGE)
    const reserved = await server.consume(ACCOUNT, { feature: 'api_calls', amount: 5, key: 'job-2', reserve: 60 })
    expect(reserved.reservation).toBe(RESERVATION)
    expect(await server.settle(ACCOUNT, RESERVATION, 3)).toMatchObject({ used: 3 })
    expect(await server.giveBack(ACCOUNT, RESERVATION)).toMatchObject({ used: 0 })
    expect(backend.received.map(({ method, body }) => [method, body])).toEqual([
      ['POST', { feature: 'api_calls', amount: 2, key: 'job-1' }],
      ['POST', { feature: 'api_calls', amount: 5, key: 'job-2', reserve: 60 }],
      ['PATCH', { amount: 3 }],
      ['DELETE', {}],
    ])
  })

  test('that is not allowed is an answer, with the plan that would allow it', async () => {
    const denied = { allowed: false, used: 100, limit: 100, remaining: 0, resetsAt: null }
    for (const unlockedBy of [{ planCode: 'business' }, null]) {
      backend.answers.set(`POST ${COUNT}`, () => ({ ...denied, unlockedBy }))
      expect(await aServer().consume(ACCOUNT, { feature: 'api_calls', key: 'a' })).toEqual({ ...denied, unlockedBy })
    }
  })

  test('a call without an answer is repeated with the same key', async () => {
    const failures = ['a broken connection' as const, BUSY]
    backend.answers.set(`POST ${COUNT}`, () => failures.shift() ?? USAGE)
    expect(await aServer().consume(ACCOUNT, { feature: 'api_calls', key: 'once' })).toEqual(USAGE)
    const keys = backend.callsOf('POST', COUNT).map(({ body }) => body['key'])
    expect(keys).toEqual(['once', 'once', 'once'])
  })

  test.each([
    ['hangs', 'nothing' as const, 'did not answer in time'],
    ['breaks the connection', 'a broken connection' as const, 'could not be reached'],
    ['fails', BUSY, 'status 503, BUSY'],
  ])('a backend that %s is an error within the time limit', async (_what, answer, message) => {
    backend.answers.set(`POST ${COUNT}`, () => answer)
    const before = Date.now()
    // Time enough that a repeat which starts late still gets its answer.
    const call = aServer({ timeout: 2 * SECOND }).consume(ACCOUNT, { feature: 'api_calls', key: 'a' })
    await expect(call).rejects.toThrow(TollgateUnavailable)
    await expect(call).rejects.toThrow(message)
    expect(Date.now() - before).toBeLessThan(5 * SECOND)
  })

  test('a refusal has its reason, its fields and the id of the request, and is not repeated', async () => {
    const fieldErrors = { amount: 'must be at least 1' }
    backend.answers.set(`POST ${COUNT}`, () => ({ status: 400, reason: 'INVALID_INPUT', fieldErrors }))
    const call = aServer().consume(ACCOUNT, { feature: 'api_calls', amount: 0, key: 'a' })
    await expect(call).rejects.toThrow(TollgateRefusal)
    const facts = { status: 400, reason: 'INVALID_INPUT', fieldErrors, requestId: 'request-1' }
    await expect(call).rejects.toMatchObject({ message: 'It is INVALID_INPUT.', ...facts })
    expect(backend.received).toHaveLength(1)
  })

  test('over the rate limit, the call waits as long as the backend asks for, if there is time', async () => {
    const answers = [{ status: 429, reason: 'RATE_LIMITED', retryAfter: 1 }]
    backend.answers.set(`POST ${COUNT}`, () => answers.shift() ?? USAGE)
    const before = Date.now()
    await aServer().consume(ACCOUNT, { feature: 'api_calls', key: 'a' })
    expect(Date.now() - before).toBeGreaterThanOrEqual(990)
    backend.answers.set(`POST ${COUNT}`, () => ({ status: 429, reason: 'RATE_LIMITED', retryAfter: 60 }))
    const call = aServer().consume(ACCOUNT, { feature: 'api_calls', key: 'a' })
    await expect(call).rejects.toMatchObject({ reason: 'RATE_LIMITED', retryAfter: 60 })
  })
})

test('the answer to an earlier try is the error, if the last one gets none in the time that is left', async () => {
  const answers = [{ status: 500, reason: 'INTERNAL_ERROR' }]
  backend.answers.set(`GET ${READ}`, () => answers.shift() ?? 'nothing')
  const call = aServer({ timeout: 400 }).entitlements(ACCOUNT)
  await expect(call).rejects.toThrow(`The backend failed at GET ${READ}: status 500, INTERNAL_ERROR.`)
  expect(backend.callsOf('GET', READ).length).toBeGreaterThan(1)
})

test('an id that would lead to another route is refused before anything is sent', async () => {
  const server = aServer()
  for (const id of ['', '..', '../../admin', `${ACCOUNT}/x`, `${ACCOUNT}?a=b`]) {
    await expect(server.entitlements(id)).rejects.toThrow(TollgateMisuse)
    await expect(server.consume(id, { feature: 'a', key: 'b' })).rejects.toThrow('accountId must be an id')
    await expect(server.settle(ACCOUNT, id, 1)).rejects.toThrow('reservation must be an id')
  }
  expect(backend.received).toEqual([])
})

test.each([1001, 1000.5])('a time limit of %d ms works', async (timeout) => {
  expect(await aServer({ timeout }).entitlements(ACCOUNT)).toMatchObject({ tier: 'pro' })
})

test('what needs a service key says so', async () => {
  const server = aServer({ serviceKey: undefined })
  await expect(server.entitlements(ACCOUNT)).rejects.toThrow('needs a service key')
})

test('the key goes to no other address', async () => {
  await using other = await SmallBackend.start()
  backend.answers.set(`GET ${READ}`, () => ({ location: `${other.url}${READ}` }))
  await expect(aServer().entitlements(ACCOUNT)).rejects.toThrow('status 307')
  expect(other.received).toEqual([])
})

test('an answer of an unexpected form is an error that names the place', async () => {
  backend.answers.set(`GET ${READ}`, () => ({ ...ENTITLEMENTS, features: { api_calls: { allowed: 'yes' } } }))
  await expect(aServer().entitlements(ACCOUNT)).rejects.toThrow('features.api_calls.allowed')
})
