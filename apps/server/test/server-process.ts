import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { TestApp } from './test-app.ts'

const PROGRAM = fileURLToPath(new URL('../src/main.ts', import.meta.url))
/** Node keeps the compiled program there, so that the next process starts in two thirds of the time. */
const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url))

/** Starts a server process that shares the database, sandbox, inbox and secrets of a test's app. */
export function startProcess(app: TestApp, verb: 'serve' | 'work', env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [PROGRAM, verb], { stdio: 'ignore', env: { ...environmentOf(app), ...env } })
}

/** Starts a server process and waits until it is ready. Disposing of it stops it and waits for its exit. */
export async function startedProcess(
  app: TestApp,
  verb: 'serve' | 'work',
  env: Record<string, string> = {},
): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, [PROGRAM, verb], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...environmentOf(app), ...env },
  })
  const exit = once(child, 'exit')
  const ready = new Promise<void>((resolve) => {
    let output = ''
    child.stdout.on('data', (chunk) => {
      output = (output + String(chunk)).slice(-10_000)
      if (/"msg":"(?:api|worker) ready"/.test(output)) resolve()
    })
  })
  const outcome = await Promise.race([ready, exit])
  if (outcome) throw new Error(`${verb} ended before it was ready.`)
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      const [code] = (await exit) as [number | null]
      if (code !== 0) throw new Error(`${verb} ended with ${code ?? 'a signal'} after SIGTERM.`)
    },
  }
}

/** Runs a command of the server, such as `jobs failed`, and waits for its exit. */
export async function runVerb(
  app: TestApp,
  verb: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...verb.split(' ')], { env: { ...environmentOf(app), ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  await once(child, 'close')
  return { code: child.exitCode, output }
}

/** Returns the environment for a server process that shares everything with the test's app. */
export function environmentOf({ deps: { config } }: TestApp): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    RATE_LIMIT_ENABLED: 'false',
    DATABASE_URL: config.DATABASE_URL,
    ACCESS_TOKEN_SECRET: config.ACCESS_TOKEN_SECRET.join(','),
    REFRESH_TOKEN_SECRET: config.REFRESH_TOKEN_SECRET.join(','),
    VALIDATION_TOKEN_SECRET: config.VALIDATION_TOKEN_SECRET.join(','),
    SMTP_URL: config.SMTP_URL,
    STRIPE_SECRET_KEY: config.STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRET: config.STRIPE_WEBHOOK_SECRET.join(','),
    STRIPE_API_URL: config.STRIPE_API_URL ?? '',
    BILLING_CLOCK_URL: config.BILLING_CLOCK_URL ?? '',
  }
}

/** Kills a process with SIGKILL and waits for its exit. Like after a power cut, none of its code runs anymore. */
export async function killed(process: ChildProcess): Promise<void> {
  const exit = once(process, 'exit')
  process.kill('SIGKILL')
  await exit
}

/** Returns a port that is currently free. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
