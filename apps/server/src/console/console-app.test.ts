import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBrand } from '../platform/brand/brand.ts'
import { createHttpServer } from '../platform/http/http-server.ts'
import { createLog } from '../platform/log.ts'
import { createConsoleApp } from './console-app.ts'
import { ConsoleNotBuilt, findConsole } from './find-console.ts'

const PAGE = `<!doctype html><html><head><title>Console</title><!-- settings -->
<link rel="stylesheet" href="/brand.css"></head><body><div id="root"></div></body></html>`
const SCRIPT = 'console.log("hello")\n'.repeat(200)
const NAME = '</script><b>Acme & Sons'

const outer = mkdtempSync(join(tmpdir(), 'tollgate-console-app-'))
const folder = join(outer, 'dist')
mkdirSync(join(folder, 'assets'), { recursive: true })
writeFileSync(join(outer, 'secret.txt'), 'secret')
writeFileSync(join(folder, 'index.html'), PAGE)
writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
writeFileSync(join(folder, 'assets/main-Ab12.js'), SCRIPT)
writeFileSync(join(folder, 'assets/main-Ab12.js.br'), brotliCompressSync(SCRIPT))
writeFileSync(join(folder, 'assets/main-Ab12.js.gz'), gzipSync(SCRIPT))
writeFileSync(join(folder, 'assets/gone-Ab12.js'), SCRIPT)
writeFileSync(join(folder, 'assets/gone-Ab12.js.br'), brotliCompressSync(SCRIPT))

const server = createHttpServer(
  createConsoleApp({
    folder,
    apiUrl: 'https://api.example.com/base',
    brand: createBrand({ name: NAME, color: '#1f5eff', logoUrl: null, supportEmail: 'help@acme.example' }),
    isProduction: true,
    log: createLog({ level: 'silent', name: 'test' }),
  }),
)
let url = ''
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(outer, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${url}${path}`, { headers, method })

describe('the page', () => {
  test.each(['/', '/plans', '/admin/people?filter=x', '/verify-email?token=a.b', '/favicon.ico', '/index.html'])(
    'answers %s, and is not cached',
    async (path) => {
      const answer = await get(path)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      expect(await answer.text()).toContain('id="root"')
    },
  )

  test('has the settings of this deployment, and its name as the title', async () => {
    const text = await (await get('/')).text()
    const [, json = ''] = /<script type="application\/json" id="tollgate-settings">(.*?)<\/script>/.exec(text) ?? []
    expect(JSON.parse(json)).toEqual({
      apiUrl: 'https://api.example.com/base',
      brand: { name: NAME, logoUrl: null, supportEmail: 'help@acme.example' },
    })
    expect(text).toContain('<title>&lt;/script>&lt;b>Acme &amp; Sons</title>')
    expect(text).not.toContain('</script><b>')
  })

  test('is not sent again if it has not changed', async () => {
    const etag = (await get('/plans')).headers.get('etag') ?? ''
    const again = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' } // otherwise fetch sends no-cache
    expect((await get('/members', again)).status).toBe(304)
  })

  test('lets only our own scripts and styles run, and calls only the API', async () => {
    const { headers } = await get('/')
    expect(headers.get('content-security-policy')?.split(';').toSorted()).toEqual([
      "base-uri 'none'",
      "connect-src 'self' https://api.example.com",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "img-src 'self' https: data:",
      "script-src 'self'",
      "style-src 'self'",
    ])
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'strict-transport-security': expect.stringContaining('max-age='),
    })
  })

  test('answers HEAD without a body, and refuses other methods', async () => {
    const head = await get('/', {}, 'HEAD')
    expect([head.status, await head.text()]).toEqual([200, ''])
    const post = await get('/plans', {}, 'POST')
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

test('the brand’s colors are at the address that the page has, and are kept until they change', async () => {
  const [, address = ''] = /href="(\/brand\.css[^"]*)"/.exec(await (await get('/')).text()) ?? []
  const answer = await get(address)
  expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(answer.headers.get('cache-control')).toContain('immutable')
  expect(await answer.text()).toContain('--brand: light-dark(#')
  expect((await get('/brand.css?v=older')).headers.get('cache-control')).toBe('no-cache')
})

describe('a file', () => {
  test.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ])('is sent to a browser that accepts %s in the encoding %s', async (accepted, encoding) => {
    const answer = await get('/assets/main-Ab12.js', { 'Accept-Encoding': accepted })
    expect(answer.headers.get('content-encoding')).toBe(encoding)
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(answer.headers.get('vary')).toContain('Accept-Encoding')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(await answer.text()).toBe(SCRIPT)
  })

  test('can be fetched in part', async () => {
    const part = await get('/assets/main-Ab12.js', { Range: 'bytes=0-6', 'Accept-Encoding': 'identity' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      `bytes 0-6/${SCRIPT.length}`,
      'console',
    ])
    const beyond = await get('/assets/main-Ab12.js', { Range: 'bytes=999999-', 'Accept-Encoding': 'identity' })
    expect(beyond.status).toBe(416)
  })

  test('without a hash in its name is kept for an hour; the icon is the product’s own mark', async () => {
    const icon = await get('/favicon.svg')
    expect(icon.headers.get('cache-control')).toBe('public, max-age=3600')
    expect(icon.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
    expect(await icon.text()).toMatch(/^<svg [^]*fill="#[\da-f]{6}"[^]*>&lt;<\/text><\/svg>$/)
  })

  test('of another version is not found, and nor is one that was deleted after the start', async () => {
    rmSync(join(folder, 'assets/gone-Ab12.js'))
    rmSync(join(folder, 'assets/gone-Ab12.js.br'))
    for (const path of ['/assets/main-Old1.js', '/assets/gone-Ab12.js', '/assets/', '/assets/main-Ab12.js.br']) {
      const answer = await get(path, { 'Accept-Encoding': 'br' })
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 404, 'no-store'])
      expect(await answer.text()).toBe('Not found.')
    }
  })

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
  ])('outside of the folder is out of reach: %s', async (path) => {
    expect(await raw(path)).not.toMatch(/^secret$/m)
  })
})

test('on this machine, the page calls the API under the name that it was opened with', async () => {
  const app = createConsoleApp({
    folder,
    apiUrl: 'http://127.0.0.1:3000',
    brand: createBrand({ name: 'Acme', color: '#1f5eff', logoUrl: null, supportEmail: null }),
    isProduction: false,
    log: createLog({ level: 'silent', name: 'test' }),
  })
  const local = app.listen(0, '127.0.0.1')
  await once(local, 'listening')
  const port = (local.address() as AddressInfo).port
  for (const name of ['127.0.0.1', 'localhost']) {
    const answer = await fetch(`http://${name}:${port}/`)
    expect(await answer.text()).toContain(`"apiUrl":"http://${name}:3000"`)
    expect(answer.headers.get('content-security-policy')).toContain(
      "connect-src 'self' http://127.0.0.1:3000 http://localhost:3000;",
    )
  }
  local.close()
  local.closeAllConnections()
})

test('says what to do if the console was not built', () => {
  expect(() => findConsole(join(outer, 'nowhere'))).toThrow(ConsoleNotBuilt)
  expect(findConsole(folder)).toBe(folder)
})

/** Sends a path as it is, which `fetch` would tidy up first. */
async function raw(path: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: console.test\r\nConnection: close\r\n\r\n`)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
