import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PACKAGE = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-packed-'))

/** Without the workspace's Node, which also runs TypeScript: the packed package must work with the machine's Node. */
const env = {
  ...process.env,
  NODE_ENV: 'test',
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((each) => !each.includes('node_modules'))
    .join(delimiter),
}

beforeAll(() => {
  execFileSync('npx', ['-y', 'pnpm@12.21.0', 'pack', '--pack-destination', folder], { cwd: PACKAGE, env })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? ''
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`, 'stripe@23.1.0'], {
    cwd: folder,
    env,
  })
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true }))

const MAKE_A_CUSTOMER = `
  import Stripe from 'stripe'
  const { hostname: host, port } = new URL(process.argv[2])
  const stripe = new Stripe('sk_test_sandbox', { host, port, protocol: 'http' })
  const { id, email } = await stripe.customers.create({ email: 'ada@example.com' })
  console.log((await stripe.customers.retrieve(id)).email === email ? 'made' : 'lost')
`

test('the packed package starts with its command in an empty folder and serves the official client', async () => {
  writeFileSync(join(folder, 'customer.js'), MAKE_A_CUSTOMER)
  const child = spawn(join(folder, 'node_modules/.bin/stripe-sandbox'), ['--port', '0'], { cwd: folder, env })
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const [url = ''] = /http:\S+/.exec(line.toString()) ?? []
    expect(execFileSync('node', ['customer.js', url], { cwd: folder, env }).toString()).toBe('made\n')
    expect(await (await fetch(`${url}/_/`)).text()).toContain('ada@example.com')
  } finally {
    child.kill('SIGTERM')
  }
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(0)
})

test('the packed package can be imported, has its types and stops when it is disposed', () => {
  writeFileSync(
    join(folder, 'import.js'),
    `import { startStripeSandbox } from '@tollgate/stripe-sandbox'
     const sandbox = await startStripeSandbox()
     console.log((await fetch(sandbox.url + '/_/clock')).status)
     await sandbox[Symbol.asyncDispose]()`,
  )
  expect(execFileSync('node', ['import.js'], { cwd: folder, env }).toString()).toBe('200\n')
  expect(readdirSync(join(folder, 'node_modules/@tollgate/stripe-sandbox/dist'))).toContain('index.d.ts')
})
