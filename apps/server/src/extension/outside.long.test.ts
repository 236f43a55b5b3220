import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createTollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aMailTo, until } from '../../test/inbox.ts'
import { aGrant } from '../../test/purchases.ts'
import { reasonOf } from '../../test/rejection.ts'
import { freePort, runVerb, startedProcess } from '../../test/server-process.ts'
import { createTestApp, type TestApp, type TestUser } from '../../test/test-app.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const EXAMPLE = join(ROOT, 'examples/todo')
const CONFIG_PACKAGE = join(ROOT, 'packages/config')
/** What a newcomer follows. The project here is made by its commands and its compiler options. */
const GUIDE = readFileSync(join(ROOT, 'docs/contract/your-own.md'), 'utf8')
const TSC = join(ROOT, 'node_modules/.bin/tsc')

/** A project elsewhere: the example's files, beside the packed packages and what they depend on. */
let project: string
let app: TestApp
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'tollgate-product-'))
  for (const name of ['client', 'config']) install(name)
  for (const name of ['@trpc/client', '@trpc/server', 'superjson']) link(name, join(ROOT, 'packages/client'))
  for (const name of ['kysely', 'zod']) link(name, CONFIG_PACKAGE)
  writeFileSync(join(project, 'package.json'), '{}')
  for (const [, line = ''] of GUIDE.matchAll(/^ +(npm pkg .+)$/gm)) execFileSync('sh', ['-c', line], { cwd: project })
  for (const file of ['tollgate.config.ts', 'tollgate.plans.ts', 'frontend.ts', 'mails']) {
    cpSync(join(EXAMPLE, file), join(project, file), { recursive: true })
  }
  cpSync(join(CONFIG_PACKAGE, 'test/mistakes.ts'), join(project, 'mistakes.ts'))
  app = await createTestApp({}, { worker: false })
}, 300_000)
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  rmSync(project, { recursive: true })
})

test('a project elsewhere compiles, and each misspelt feature, right, field, job and reason does not', () => {
  expect(compile('tollgate.config.ts', 'frontend.ts')).toEqual({ status: 0, stdout: '' })
  expect(compile('mistakes.ts')).toEqual({ status: 0, stdout: '' })
})

test('the server runs the configuration of a project elsewhere: fields, guards, limit, job and mail', async () => {
  const env = { CONFIG_FILE: join(project, 'tollgate.config.ts') }
  expect(await runVerb(app, 'migrate', env)).toEqual({ code: 0, output: 'Migrated: 001-todos.\n' })
  const plans = `apply-plans --file ${join(project, 'tollgate.plans.ts')}`
  expect(await runVerb(app, plans, env)).toMatchObject({ code: 0 })
  const port = await freePort()
  await using processes = new AsyncDisposableStack()
  processes.use(await startedProcess(app, 'serve', { ...env, PORT: String(port) }))
  processes.use(await startedProcess(app, 'work', env))
  const url = `http://127.0.0.1:${port}`

  const email = 'elsewhere@example.com'
  const { api } = createTollgateClient({ url, cookies: 'memory' })
  const account = { email, username: 'elsewhere', password: 'correct horse battery' }
  const { user } = await api.auth.register.mutate({ ...account, publicData: { company: 'Analytical Engines' } })
  expect(user.publicData).toEqual({ company: 'Analytical Engines' })
  await aMailTo(email, /^Confirm your address, and write your first todo$/)

  const free = await callerAt(url, await app.aUser())
  const added = []
  for (const text of ['Tea', 'Milk', 'Scones']) added.push(await free('add', { text }))
  expect(added.at(-1)).toMatchObject({ remaining: 0 })
  expect(await reasonOf(free('add', { text: 'Jam' }))).toBe('FEATURE_REQUIRED')
  expect(await reasonOf(free('form'))).toBe('FEATURE_REQUIRED')
  expect(await reasonOf(free('export'))).toBe('PLAN_REQUIRED')
  expect(await reasonOf(free('finish', { id: crypto.randomUUID() }))).toBe('TODO_NOT_FOUND')

  const payer = await app.aUser()
  await aGrant(app, payer, 'pro')
  const paid = await callerAt(url, payer)
  await paid('add', { text: 'Jam' })
  expect(await paid('form')).toEqual({ maximumLength: 500 })
  expect(await paid('export')).toEqual([{ text: 'Jam', done: false }])

  const { em } = app.scope()
  await em.execute(`update app.todos set done = true, created_at = now() - interval '91 days' where text = 'Tea'`)
  await app.deps.boss.send('app.clean-up', {})
  await until('the job to delete the old todo', async () => (await em.execute('select from app.todos')).length === 3)
})

interface Todos {
  readonly [name: string]: { query(input?: object): Promise<unknown>; mutate(input?: object): Promise<unknown> }
}

/** The example's procedures have their types in the project, which is compiled on its own. */
const hasTodos = (api: object): api is { app: { todos: Todos } } => Reflect.get(api, 'app') !== undefined

async function callerAt(url: string, { email, password }: TestUser) {
  const { api } = createTollgateClient({ url, cookies: 'memory' })
  await api.auth.login.mutate({ email, password })
  if (!hasTodos(api)) throw new Error('The client has no app procedures.')
  const { todos } = api.app
  return async (name: string, input?: object) => todos[name]?.[input ? 'mutate' : 'query'](input)
}

/** Type-checks files of the project, and the declarations of the packages, with the guide's `tsconfig.json`. */
function compile(...files: string[]) {
  writeFileSync(join(project, 'tsconfig.guide.json'), /```json\n(.*?)```/s.exec(GUIDE)?.[1] ?? '')
  const compilerOptions = { types: [], exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
  const options = { extends: './tsconfig.guide.json', compilerOptions, files }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(options))
  const { status, stdout } = spawnSync(TSC, ['-p', project], { encoding: 'utf8' })
  return { status, stdout }
}

/** Packs a package, and installs it in the project. */
function install(name: string): void {
  const installed = join(project, 'node_modules/@tollgate', name)
  const file = join(project, `${name}.tgz`)
  mkdirSync(installed, { recursive: true })
  execFileSync('npx', ['-y', 'pnpm@12.21.0', 'pack', '--out', file], { cwd: join(ROOT, 'packages', name) })
  execFileSync('tar', ['-xzf', file, '-C', installed, '--strip-components=1'])
}

/** Installs what a package of the workspace depends on. */
function link(name: string, from: string): void {
  const path = join(project, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(realpathSync(join(from, 'node_modules', name)), path)
}
