import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../../../apps/server/src/main.ts', import.meta.url))
const WITHOUT = new URL('without.ts', import.meta.url).href
const WEBHOOK_SECRET = 'whsec_bench0bench1bench2bench3bench4'

export interface Api extends AsyncDisposable {
  readonly endpoints: { readonly api: string; readonly webhookSecret: string }
  /** How long the process has used a core since its start, in milliseconds; undefined where the system does not say. */
  cpu(): number | undefined
}

/** Runs a verb of the server to its end. */
export async function runVerb(verb: string, databaseUrl: string): Promise<void> {
  const [code] = (await once(start(verb, environment(databaseUrl, 0)), 'exit')) as [number | null]
  if (code !== 0) throw new Error(`The verb ${verb} failed.`)
}

/**
 * Starts an API process.
 *
 * @param without the shortcut to take out of it.
 * @param settings what differs from the other processes.
 */
export async function startApi(
  databaseUrl: string,
  { without, settings }: { without?: string | undefined; settings?: Record<string, string> } = {},
): Promise<Api> {
  const port = await freePort()
  const env = { ...environment(databaseUrl, port), ...settings }
  const child = without
    ? start('serve', { ...env, BENCH_WITHOUT: without }, ['--import', WITHOUT])
    : start('serve', env)
  const exit = once(child, 'exit')
  const api = `http://127.0.0.1:${port}`
  while (!(await isReady(api))) {
    if (child.exitCode !== null) throw new Error('The API ended before it was ready.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    endpoints: { api, webhookSecret: WEBHOOK_SECRET },
    cpu: () => cpuOf(child.pid),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exit
    },
  }
}

function start(verb: string, env: Record<string, string>, options: string[] = []): ChildProcess {
  return spawn(process.execPath, [...options, PROGRAM, verb], { stdio: ['ignore', 'ignore', 'inherit'], env })
}

/** Limits are on, but too high to be reached. */
function environment(databaseUrl: string, port: number): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'error',
    SESSION_POLICY: 'multiple',
    RATE_LIMIT: '100000000/1m',
    RATE_LIMIT_READS: '100000000/1m',
    RATE_LIMIT_SERVICE: '100000000/1m',
    ACCESS_TOKEN_SECRET: 'an access secret that is 32 bytes long',
    REFRESH_TOKEN_SECRET: 'a refresh secret that is 32 bytes long',
    VALIDATION_TOKEN_SECRET: 'a validation secret of 32 bytes or so',
    SMTP_URL: 'smtp://127.0.0.1:1',
    STRIPE_SECRET_KEY: 'sk_test_bench',
    STRIPE_API_URL: 'http://127.0.0.1:1',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  }
}

async function isReady(api: string): Promise<boolean> {
  try {
    return (await fetch(`${api}/readyz`)).ok
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function cpuOf(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10 // in ticks of 10 ms
  } catch {
    return undefined
  }
}
