import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { makeScratchDir } from '@tollgate/local/scratch-dir'
import { startStack, type RunningStack } from '@tollgate/local/stack'
import { Client } from 'pg'

const FREE_PORTS = { api: 0, web: 0, stripe: 0, paymob: 0, webhooks: 0, oauth: 0, mailWeb: 0, mailSmtp: 0 }

/**
 * Starts everything as `npm start` does, but on free ports, and with state that is deleted when it stops.
 *
 * @param settings for the server, such as `SESSION_POLICY`.
 */
export async function startThrowawayStack(settings: Record<string, string> = {}): Promise<RunningStack> {
  await using stack = new AsyncDisposableStack()
  const dataDir = makeScratchDir('tollgate-console-')
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const databaseUrl = await throwawayDatabase(stack)

  // The test's own variables (NODE_ENV=test, PORT, …) must not reach the programs.
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, HOME, NODE_COMPILE_CACHE, RATE_LIMIT_ENABLED: 'false', ...settings }
  const events = { say: () => {}, signal: new AbortController().signal }
  const options = { dataDir, databaseUrl, ports: FREE_PORTS }
  const running = stack.use(await startStack(options, env, events))

  const all = stack.move()
  return { endpoints: running.endpoints, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/** Creates a database on the server at `TEST_DATABASE_URL`; undefined, for the embedded server, if that is not set. */
async function throwawayDatabase(stack: AsyncDisposableStack): Promise<string | undefined> {
  const server = process.env['TEST_DATABASE_URL']
  if (!server) return undefined
  const name = `tollgate_console_${randomBytes(6).toString('hex')}`
  await execute(server, `create database ${name}`)
  stack.defer(() => execute(server, `drop database ${name} with (force)`))
  const url = new URL(server)
  url.pathname = name
  return url.href
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
