import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../test/test-app.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

test.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'])('%s is no method of the typed API', async (method) => {
  for (const path of ['/trpc/auth.login', '/trpc/auth.me', '/trpc/nothing', '/trpc', '/trpc/auth.me,auth.me?batch=1']) {
    const { status, headers, body } = await ask(method, path)
    expect([path, status, headers['allow']]).toEqual([path, 405, 'GET, HEAD, POST'])
    expect(headers).toMatchObject(IN_JSON)
    expect(JSON.parse(body)).toMatchObject(anError('METHOD_NOT_SUPPORTED', 405, 'METHOD_NOT_ALLOWED'))
  }
})

test('a method that is not a procedure’s own is refused in the same words', async () => {
  expect(JSON.parse((await ask('GET', '/trpc/auth.login')).body)).toMatchObject(
    anError('METHOD_NOT_SUPPORTED', 405, 'METHOD_NOT_ALLOWED'),
  )
})

test.each([
  ['a body of another type', { 'content-type': 'text/plain' }, 'email=a'],
  ['a body of no type', {}, 'email=a'],
  ['a body that is not JSON', { 'content-type': 'application/json' }, '{'],
  ['a host that is none', { 'content-type': 'application/json', host: 'a b[' }, '{}'],
])('%s is answered as JSON', async (_what, headers, body) => {
  const answer = await ask('POST', '/trpc/auth.login', headers, body)
  expect(answer.status).toBe(400)
  expect(answer.headers).toMatchObject(IN_JSON)
  expect(JSON.parse(answer.body)).toMatchObject(anError('BAD_REQUEST', 400, 'INVALID_INPUT'))
})

const IN_JSON = {
  'content-type': expect.stringMatching(/^application\/json/),
  'cache-control': 'no-store',
  'x-request-id': expect.any(String),
}

const anError = (code: string, httpStatus: number, reason: string) => ({
  error: { json: { message: expect.any(String), data: { code, httpStatus, reason } } },
})

/** What `fetch` refuses to send. */
async function ask(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined
    headers: Record<string, unknown>
    body: string
  }>()
  request(`${app.url}${path}`, { method, headers }, (response) => {
    const { statusCode: status, headers } = response
    text(response).then((body) => resolve({ status, headers, body }), reject)
  })
    .on('error', reject)
    .end(body)
  return promise
}
