import { randomBytes } from 'node:crypto'
import { cpSync, rmSync } from 'node:fs'
import { makeScratchDir } from '@tollgate/local/scratch-dir'
import { startStack, type RunningStack } from '@tollgate/local/stack'
import { Client } from 'pg'
import { inject, vi } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL, as a superuser, of the PostgreSQL server of the tests. */
    adminUrl: string
    /** The name of the migrated database on it that tests copy. */
    template: string
  }
}

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
  cpSync(inject('bundled'), dataDir, { recursive: true })
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

/** Copies the template, so that the stack has nothing to migrate. */
async function throwawayDatabase(stack: AsyncDisposableStack): Promise<string> {
  const server = inject('adminUrl')
  const name = `tollgate_console_${randomBytes(6).toString('hex')}`
  const create = `create database ${name} template ${inject('template')} strategy file_copy`
  // PostgreSQL refuses this while another stack copies the template.
  await vi.waitFor(() => execute(server, create), { timeout: 20_000, interval: 100 })
  stack.defer(() => execute(server, `drop database ${name} with (force)`))
  const url = new URL(server)
  url.pathname = name
  // The stack makes its sample plans as `npm start` does, with their features.
  await execute(url.href, 'delete from plans')
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
