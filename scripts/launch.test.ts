import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Whether `npm run test:long` runs. */
const isLong = process.env.TOLLGATE_TESTS === 'long'
const ROOT = join(import.meta.dirname, '..')
const COPIED = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'scripts/launch.mjs', 'scripts/registry.mjs']

const clone = mkdtempSync(join(tmpdir(), 'tollgate-clone-'))
const silent = createServer()
const closed = createServer()
const urlOf = (server: Server) => `http://127.0.0.1:${ports.get(server)}/`
const ports = new Map<Server, number>()
beforeAll(async () => {
  for (const path of COPIED) cpSync(join(ROOT, path), join(clone, path))
  for (const folder of ['apps', 'packages', 'examples']) mkdirSync(join(clone, folder))
  for (const server of [silent, closed]) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    ports.set(server, (server.address() as AddressInfo).port)
  }
  closed.close()
})
afterAll(() => {
  silent.close()
  rmSync(clone, { recursive: true, force: true })
})

const REGISTRIES = [
  ['refuses connections', closed],
  ['takes a connection and never answers', silent],
] as const

// npm and pnpm would try for 72 s, or for minutes if nothing answers at all.
test.each(REGISTRIES.slice(0, isLong ? undefined : 1))(
  'a fresh clone whose registry %s says so soon',
  async (_what, server) => {
    const registry = urlOf(server)
    const env = {
      PATH: process.env['PATH'],
      HOME: clone,
      npm_config_cache: join(clone, 'npm-cache'),
      npm_config_registry: registry,
    }
    const child = spawn(process.execPath, [join(clone, 'scripts/launch.mjs'), 'start'], { env })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
    await once(child, 'close')
    expect(child.exitCode).toBe(1)
    expect(output).toContain(`The package registry ${registry} does not answer.`)
    expect(output).toContain("Installation failed: can't reach the package registry")
  },
)

const PROGRAMS = [
  'start',
  'demo',
  'bench',
  'test',
  'stripe-sandbox',
  'oauth-sandbox',
  'paymob-sandbox',
  'webhook-sandbox',
  'paymob-compare',
]

test.each(PROGRAMS)('%s starts nothing when it is asked for help', async (name) => {
  const { output, exitCode } = await launch(name, '--help')
  expect(output).toMatch(/^Usage: /m)
  expect(exitCode).toBe(0)
})

test.each(PROGRAMS.slice(0, isLong ? undefined : 3))(
  '%s names an option that it does not have, and starts nothing',
  async (name) => {
    const { output, exitCode } = await launch(name, '--made-up')
    expect(output).toMatch(/^Unknown option '--made-up'/m)
    expect(output).toContain('Usage: ')
    expect(output).not.toContain('    at ') // no stack
    expect(exitCode).toBe(1)
  },
)

test('no README has a command that only the workspace’s Node can run', () => {
  const readmes = ['.', ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`)]
    .filter((folder) => folder !== 'packages/bench') // for those who work on the server
    .map((folder) => join(ROOT, folder, 'README.md'))
    .filter((file) => existsSync(file))
  expect(readmes.length).toBeGreaterThan(5)
  for (const file of readmes)
    expect([file, readFileSync(file, 'utf8')]).toEqual([file, expect.not.stringMatching(TYPESCRIPT)])
})

const TYPESCRIPT = /\bnode (?:-\S+ )*\S+\.ts\b/

/** Launches a program as Node 20 would, which can't run TypeScript. */
async function launch(...args: string[]): Promise<{ output: string; exitCode: number | null }> {
  const child = spawn(process.execPath, ['--no-strip-types', join(ROOT, 'scripts/launch.mjs'), ...args])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  await once(child, 'close')
  return { output, exitCode: child.exitCode }
}
