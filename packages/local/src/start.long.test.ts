import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readEndpoints } from './endpoints.ts'
import { isPortFree, urlOf } from './ports.ts'
import { identify } from './process-identity.ts'
import { claimPorts, type Ports } from './stack-options.ts'
import { ANY_PORTS } from './throwaway-stack.ts'
import { ROOT } from './workspace.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-start-'))
const STARTUP_PATIENCE = 180_000
let ports: Ports
let running: Started | undefined
/** How long the first start took, in milliseconds. A busy machine gets this much more time for a restart. */
let startTime = 0

beforeAll(async () => {
  ports = await claimPorts({ api: 0, web: 0, stripe: 0, oauth: 0, mailWeb: 0, mailSmtp: 0, paymob: 0, webhooks: 0 })
})
beforeEach(async () => {
  const startedAt = performance.now()
  running ??= await startUntilReady()
  startTime ||= performance.now() - startedAt
}, STARTUP_PATIENCE)
afterAll(async () => {
  await running?.stop('SIGTERM')
  rmSync(dataDir, { recursive: true, force: true })
})

describe('npm start', () => {
  test('writes endpoints.json with working URLs, readable only by its owner', async () => {
    const endpoints = readEndpoints(dataDir)
    expect(endpoints?.api).toBe(urlOf(ports.api))
    expect(statSync(join(dataDir, 'endpoints.json')).mode & 0o777).toBe(0o600)
    for (const url of [`${endpoints?.api}/readyz`, `${endpoints?.web}/`, `${endpoints?.mail}/api/email`]) {
      expect(await fetch(url)).toMatchObject({ url, status: 200 })
    }
  })

  test.each(['api', 'worker'] as const)('restarts the %s within five seconds of a kill -9', async (name) => {
    const before = pidOf(name)
    process.kill(before, 'SIGKILL')
    await expect.poll(() => pidOf(name), { timeout: 5_000 + startTime }).not.toBe(before)
    expect(identify(pidOf(name))).toBeDefined()
    await expect.poll(apiAnswers, { timeout: STARTUP_PATIENCE }).toBe(true)
  })

  test('refuses a second start on the same directory, and the first run continues', async () => {
    const second = start()
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain('already running')
    expect(await apiAnswers()).toBe(true)
  })

  test(
    'publishes passwords that work, also with a database that another run has seeded',
    async () => {
      const otherDir = mkdtempSync(join(tmpdir(), 'tollgate-start-'))
      const databaseUrl = readEndpoints(dataDir)?.databaseUrl ?? ''
      const other = await startUntilReady({ ...ANY_PORTS, DATA_DIR: otherDir, DATABASE_URL: databaseUrl })
      try {
        const endpoints = readEndpoints(otherDir)
        for (const account of [endpoints?.admin, endpoints?.user]) {
          expect(account?.password).toMatch(/.{8}/)
          const response = await fetch(`${endpoints?.api}/login`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(account),
          })
          expect(response.status).toBe(200)
        }
      } finally {
        await other.stop('SIGTERM')
        rmSync(otherDir, { recursive: true, force: true })
      }
    },
    STARTUP_PATIENCE,
  )

  test('leaves no process behind when it is killed, and starts again', async () => {
    const orphans = recordedPids()
    await running?.stop('SIGKILL')
    await expect.poll(() => orphans.filter((pid) => identify(pid)), { timeout: STARTUP_PATIENCE }).toEqual([])

    running = await startUntilReady()
    expect(await apiAnswers()).toBe(true)
  })

  test('stops everything: exit code 0, no process, no open port, no endpoints.json', async () => {
    const pids = recordedPids()
    expect(await running?.stop('SIGINT')).toBe(0)
    running = undefined

    expect(pids.filter((pid) => identify(pid))).toEqual([])
    expect(readEndpoints(dataDir)).toBeUndefined()
    expect(await Promise.all(Object.values(ports).map(isPortFree))).not.toContain(false)
  })
})

interface Started {
  ended: Promise<number | null>
  output(): string
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/** @param settings that override those of the run that the other tests share. */
function start(settings: Record<string, string> = {}): Started {
  const env = {
    ...process.env,
    LOG_LEVEL: 'silent',
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    NODE_ENV: '', // Vitest sets it to `test`
    PORT: String(ports.api),
    WEB_PORT: String(ports.web),
    STRIPE_SANDBOX_PORT: String(ports.stripe),
    OAUTH_SANDBOX_PORT: String(ports.oauth),
    MAIL_WEB_PORT: String(ports.mailWeb),
    MAIL_SMTP_PORT: String(ports.mailSmtp),
    PAYMOB_SANDBOX_PORT: String(ports.paymob),
    WEBHOOK_SANDBOX_PORT: String(ports.webhooks),
    ...settings,
  }
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'packages/local/src/start.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'close').then(() => child.exitCode)
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return { ended, output: () => output, stop }
}

async function startUntilReady(settings?: Record<string, string>): Promise<Started> {
  const started = start(settings)
  await expect.poll(started.output, { timeout: STARTUP_PATIENCE }).toMatch(/^ready$/m)
  return started
}

const pidOf = (name: 'api' | 'worker') => readEndpoints(dataDir)?.pids[name] ?? 0

const apiAnswers = () =>
  fetch(`${urlOf(ports.api)}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Every process, including the database, that the run recorded for its successor to end. */
function recordedPids(): number[] {
  const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as {
    children: Record<string, { pid: number }>
  }
  expect(Object.keys(run.children)).toContain('database')
  return Object.values(run.children).map(({ pid }) => pid)
}
