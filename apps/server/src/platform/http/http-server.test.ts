import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createHttpServer } from './http-server.ts'

/**
 * Sends bytes to a server, and more bytes after its first answer.
 *
 * @returns what it answered until it closed the connection, and after how many milliseconds it did.
 */
async function answerTo(bytes: string, later?: string): Promise<{ text: string; took: number }> {
  const server = createHttpServer((req: IncomingMessage, res: ServerResponse) => {
    if (req.url === '/begun') res.write('begun')
    req.resume().once('end', () => void res.end('served'))
  })
  server.headersTimeout = 500
  server.requestTimeout = 500
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const startedAt = performance.now()
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.write(bytes, 'latin1')
  if (later !== undefined) {
    await once(socket, 'data')
    socket.write(later, 'latin1')
  }
  await once(socket, 'close')
  server.close()
  return { text, took: performance.now() - startedAt }
}

test('a client whose headers never end gets a 408 in JSON and is disconnected', async () => {
  const { text, took } = await answerTo('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')
  expect(text).toMatch(/^HTTP\/1\.1 408 /)
  expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { code: 'TIMEOUT' } })
  expect(took).toBeLessThan(5_000)
})

test('a client whose body never ends gets a 408 in JSON', async () => {
  const { text, took } = await answerTo('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{"a"')
  expect(text).toMatch(/^HTTP\/1\.1 408 [^]*TIMEOUT/)
  expect(took).toBeLessThan(5_000)
})

test('an answer that has begun is not mixed with another one', async () => {
  const { text } = await answerTo(
    'POST /begun HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
    'nonsense\r\n',
  )
  expect(text).toContain('begun')
  expect(text).not.toContain(' 400 ')
})

test('bytes that are not HTTP get a 400 in JSON', async () => {
  const { text } = await answerTo('\u0000\u0001 hello\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 400 /)
  expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { reason: 'INVALID_INPUT' } })
})

test('bytes that are not HTTP get a 400 in JSON on a connection that was used before', async () => {
  const { text } = await answerTo('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 200 [^]*servedHTTP\/1\.1 400 [^]*INVALID_INPUT/)
})

test('an unreadable HEAD gets a 400 without a body', async () => {
  const { text } = await answerTo('HEAD /\xff HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 400 /)
  expect(text.split('\r\n\r\n')[1]).toBe('')
})

test('headers that are too large get a 431', async () => {
  const { text } = await answerTo(`GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${'x'.repeat(40_000)}\r\n\r\n`)
  expect(text).toMatch(/^HTTP\/1\.1 431 /)
})

test('an unknown Expect header is ignored', async () => {
  const { text } = await answerTo('GET / HTTP/1.1\r\nHost: a\r\nExpect: nonsense\r\nConnection: close\r\n\r\n')
  expect(text).toMatch(/^HTTP\/1\.1 200 [^]*served$/)
})

/** What a server hands on as the address of a request with this target and this `Host`. */
async function addressOf(target: string, host = 'a'): Promise<string> {
  const server = createHttpServer((req, res) => void res.end(`handed on ${req.url}`))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.write(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 'latin1')
  await once(socket, 'close')
  server.close()
  return text
}

test.each([
  ['a path', '/verify?token=a', '/verify?token=a'],
  ['a whole URL', 'http://api.example.com/verify?token=a', '/verify?token=a'],
  ['a whole URL without a path', 'http://api.example.com', '/'],
  ['a path that looks like a host', '//[/google/login', '//[/google/login'],
  ['all of the server', '*', '*'],
])('the application gets the path of %s', async (_what, target, path) => {
  expect(await addressOf(target)).toMatch(new RegExp(`^HTTP/1.1 200 [^]*${RegExp.escape(`handed on ${path}`)}`))
})

test.each([
  ['a port that is none', 'http://x:99999999/google/login', 'a'],
  ['a host that is none', 'http://[/google/login', 'a'],
  ['another protocol', 'ftp://x/google/login', 'a'],
  ['no slash', 'google/login', 'a'],
  ['a `Host` with a password', '/trpc/nothing', 'user:password@x'],
  ['a `Host` with a path', '/trpc/nothing', 'x/../y'],
])('an address with %s gets a 400 in JSON', async (_what, target, host) => {
  const text = await addressOf(target, host)
  expect(text).toMatch(/^HTTP\/1\.1 400 /)
  expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { reason: 'INVALID_INPUT' } })
})
