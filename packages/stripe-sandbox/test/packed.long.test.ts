import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
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

/** What the Dockerfile says in the stages of a sandbox's image, and the command that deploy/sandboxes.yml gives it. */
function imageOf(name: string) {
  const read = (path: string) => readFileSync(join(PACKAGE, '../..', path), 'utf8')
  const stage = (target: string) => read('Dockerfile').split(` AS ${target}\n`)[1]?.split('\n\n')[0] ?? ''
  const list = (text: string, instruction: RegExp) => JSON.parse(instruction.exec(text)?.[1] ?? '[]') as string[]
  const service = read('deploy/sandboxes.yml').split(`  ${name}:\n`)[1]?.split('\n\n')[0] ?? ''
  return {
    copied: /^COPY --from=sandboxes \/repo\/(\S+) \/sandbox$/m.exec(stage(name))?.[1] ?? '',
    manifest: /echo '(.*)' > \/sandbox\/package.json/.exec(stage('sandbox'))?.[1] ?? '',
    entrypoint: list(stage('sandbox'), /^ENTRYPOINT (.*)$/m),
    check: list(stage(name), /^HEALTHCHECK [\s\S]*?CMD (\[.*\])$/m),
    port: /^EXPOSE (\d+)$/m.exec(stage(name))?.[1] ?? '',
    command: [...service.matchAll(/(--[\w-]+=)(?:\$\{\w+:-(.*)\}|([^\s,\]]+))/g)].map(
      ([, option, fallback, value]) => `${option}${fallback ?? value}`,
    ),
  }
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}

test.each(SANDBOXES)('the layout of the image of the %s runs its command and passes its health check', async (name) => {
  const { copied, manifest, entrypoint, check, port, command } = imageOf(name)
  const image = mkdtempSync(join(folder, 'image-'))
  cpSync(join(PACKAGE, '../..', copied), join(image, 'sandbox'), { recursive: true })
  writeFileSync(join(image, 'sandbox/package.json'), manifest)
  mkdirSync(join(image, 'data'))
  const [program = '', ...args] = [...entrypoint, ...command].map((each) =>
    each.replaceAll(/(?<=^|=)\/(?=sandbox|data)/g, `${image}/`).replace('0.0.0.0', '127.0.0.1'),
  )
  expect([program, args.length]).toEqual(['node', entrypoint.length - 1 + (name === 'stripe-sandbox' ? 4 : 2)])
  const own = await freePort()
  const child = spawn(program, [...args, '--port', own], { cwd: image, env })
  try {
    await once(child.stdout, 'data')
    const [ask = '', ...script] = check.map((each) => each.replace(`127.0.0.1:${port}/`, `127.0.0.1:${own}/`))
    expect(script.join(' ')).toContain(`:${own}/`)
    execFileSync(ask, script, { cwd: image, env })
  } finally {
    child.kill('SIGTERM')
  }
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(readdirSync(join(image, 'data'))).toEqual([name === 'stripe-sandbox' ? 'stripe.state' : 'oauth.json'])
})

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
