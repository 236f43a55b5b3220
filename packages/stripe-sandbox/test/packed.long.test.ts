import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const PACKAGE = join(import.meta.dirname, '..')
const SANDBOXES = ['stripe-sandbox', 'oauth-sandbox'] as const
const KB = 1024
const folder = mkdtempSync(join(tmpdir(), 'sandboxes-packed-'))

/** Without the workspace's Node, which also runs TypeScript: the packages must work with the machine's Node. */
const env = {
  ...process.env,
  NODE_ENV: 'test',
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((each) => !each.includes('node_modules'))
    .join(delimiter),
}

const tarballOf = (name: string) => readdirSync(folder).find((each) => each.startsWith(`tollgate-${name}-`)) ?? ''

beforeAll(() => {
  for (const name of SANDBOXES) {
    execFileSync('npx', ['-y', 'pnpm@12.21.0', 'pack', '--pack-destination', folder], {
      cwd: join(PACKAGE, '..', name),
      env,
    })
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}')
  const tarballs = SANDBOXES.map((name) => `./${tarballOf(name)}`)
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], { cwd: folder, env })
  symlinkSync(realpathSync(join(PACKAGE, 'node_modules/stripe')), join(folder, 'node_modules/stripe'))
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true }))

/** Starts a command of the packages, and stops it after `use` has called it. */
async function withProgram(name: string, use: (url: string) => unknown): Promise<void> {
  const child = spawn(join(folder, 'node_modules/.bin', name), ['--port', '0'], { cwd: folder, env })
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    await use(/http:\S+/.exec(line.toString())?.[0] ?? '')
  } finally {
    child.kill('SIGTERM')
  }
  expect(await once(child, 'exit')).toEqual([0, null])
}

function runScript(text: string, ...args: string[]): string {
  const file = join(folder, 'script.js')
  writeFileSync(file, text)
  return execFileSync('node', [file, ...args], { cwd: folder, env }).toString()
}

describe.each(SANDBOXES)('the packed %s', (name) => {
  test('is small and installs without a registry, because it has no dependencies', () => {
    expect(statSync(join(folder, tarballOf(name))).size).toBeLessThan(600 * KB)
    const installed = readdirSync(join(folder, 'node_modules')).filter((each) => !each.startsWith('.'))
    expect(installed.toSorted()).toEqual(['@tollgate', 'stripe'])
    const files = readdirSync(join(folder, 'node_modules/@tollgate', name))
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist']))
  })

  test('starts with less than a second of work', () => {
    const start = name === 'stripe-sandbox' ? 'startStripeSandbox' : 'startOAuthSandbox'
    const ms = runScript(`
      import { ${start} } from '@tollgate/${name}'
      const sandbox = await ${start}()
      const { user, system } = process.cpuUsage()
      console.log((user + system) / 1000)
      await sandbox[Symbol.asyncDispose]()
    `)
    process.stdout.write(`${name}: started after ${ms.trim()} ms of CPU time\n`)
    expect(Number(ms)).toBeLessThan(1000)
  })
})

test('the command of the Stripe sandbox serves the official client', () =>
  withProgram('stripe-sandbox', async (url) => {
    const answer = runScript(
      `import Stripe from 'stripe'
       const { hostname: host, port } = new URL(process.argv[2])
       const stripe = new Stripe('sk_test_sandbox', { host, port, protocol: 'http' })
       const { id, email } = await stripe.customers.create({ email: 'ada@example.com' })
       console.log((await stripe.customers.retrieve(id)).email === email ? 'made' : 'lost')`,
      url,
    )
    expect(answer).toBe('made\n')
    expect(await (await fetch(`${url}/_/`)).text()).toContain('ada@example.com')
  }))

test('the command of the OAuth sandbox serves its pages and keys', () =>
  withProgram('oauth-sandbox', async (url) => {
    expect(await (await fetch(`${url}/google/jwks`)).json()).toMatchObject({ keys: [{ kty: 'RSA' }] })
    expect(await (await fetch(url)).text()).toContain('OAuth sandbox')
  }))

test('the types of both packages are complete, also for TypeScript that resolves modules as Node does', () => {
  writeFileSync(
    join(folder, 'uses.ts'),
    `import { startStripeSandbox, type Activity } from '@tollgate/stripe-sandbox'
     import { startOAuthSandbox } from '@tollgate/oauth-sandbox'
     const seen: Activity[] = []
     const stripe = await startStripeSandbox({ onActivity: (activity) => seen.push(activity) })
     await stripe.advance({ days: 31 })
     export const issuer: string = (await startOAuthSandbox()).google.issuer
     // @ts-expect-error: days must be a number. If the types were missing, this line would compile.
     await stripe.advance({ days: 'x' })`,
  )
  const tsc = join(PACKAGE, '../../node_modules/.bin/tsc')
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022,esnext',
    'uses.ts',
  ]
  expect(execFileSync(tsc, options, { cwd: folder }).toString()).toBe('')
})
