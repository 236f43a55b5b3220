import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startInbox } from '@tollgate/local/inbox'
import { startPostgres } from '@tollgate/local/postgres'
import { makeScratchDir } from '@tollgate/local/scratch-dir'
import type { TestProject } from 'vitest/node'
import { buildTemplate } from './test-database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL, as a superuser, of the PostgreSQL server on which tests create their databases. */
    adminUrl: string
    /** The name of the migrated and seeded database that tests copy. */
    template: string
    /** SMTP and REST API of the mail inbox that all tests share. Each test uses its own addresses. */
    inbox: { apiUrl: string; smtpUrl: string }
  }
}

/** The key of what this process has started. Each project loads this file again, but all of them share that. */
const ALL = Symbol.for('tollgate.test-setup')
const shared = globalThis as { [ALL]?: { users: number; started: ReturnType<typeof start> } }

/** Runs once before a project's tests. Starts PostgreSQL (unless TEST_DATABASE_URL is set) and a mail inbox. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const all = (shared[ALL] ??= { users: 0, started: start() })
  all.users += 1
  const { adminUrl, template, inbox, running } = await all.started
  project.provide('adminUrl', adminUrl)
  project.provide('template', template)
  project.provide('inbox', inbox)
  return async () => {
    all.users -= 1
    if (all.users === 0) await running.disposeAsync()
  }
}

async function start() {
  await using stack = new AsyncDisposableStack()
  const adminUrl = process.env['TEST_DATABASE_URL'] ?? (await startThrowawayPostgres(stack))
  const template = await buildTemplate(adminUrl)
  stack.defer(() => template.drop())
  const { apiUrl, smtpUrl } = stack.use(await startInbox())
  return { adminUrl, template: template.name, inbox: { apiUrl, smtpUrl }, running: stack.move() }
}

async function startThrowawayPostgres(stack: AsyncDisposableStack): Promise<string> {
  const dir = makeScratchDir('tollgate-test-')
  stack.defer(() => rmSync(dir, { recursive: true, force: true }))
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '256MB' }
  return stack.use(await startPostgres({ dir: join(dir, 'postgres'), settings })).url
}
