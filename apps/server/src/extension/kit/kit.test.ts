import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { anOrganization } from '../../../test/organizations.ts'
import { aPlan } from '../../../test/plans.ts'
import { aGrant } from '../../../test/purchases.ts'
import { fieldErrorsOf } from '../../../test/rejection.ts'
import { runVerb } from '../../../test/server-process.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { migrate } from '../../verbs/migrate.ts'
import { createJobRoutes } from '../../worker.ts'
import { limitedSqlOf } from '../database/limited-sql.ts'
import { removeOldSchedules } from '../jobs/remove-old-schedules.ts'
import { loadExtension } from '../loading/load-config.ts'
import { createOwnRouter } from './create-own-router.ts'

/** The server's own copy, as a project has it that shares its packages with the server. */
const TRPC = createRequire(import.meta.url)
  .resolve('@trpc/server')
  .replace(/\.cjs$/, '.mjs')

const CONFIG = `
import { TRPCError } from '${TRPC}'
import { defineConfig, z } from '@tollgate/config'
export default defineConfig({
  users: {
    publicData: z.object({ settings: z.any().optional(), valueOf: z.string().optional() }),
    writable: ['settings'],
    signUp: ['valueOf'],
  },
  jobs: {
    tick: { data: z.object({}), cron: '1 2 3 4 *', async run() {} },
    hang: { data: z.object({}), run: () => new Promise(() => {}) },
    quiet: { data: z.object({}), async run() {} },
  },
  procedures: (kit) => ({
    pro: kit.tier('pro').query(({ ctx }) => ctx.account.id),
    unknownTier: kit.tier('gold').query(() => 'in'),
    report: kit.feature('reports').query(({ ctx }) => ctx.account.id),
    unknownFeature: kit.feature('repotrs').query(() => 'in'),
    throws: {
      plain: kit.user.query(() => { throw new Error('hush') }),
      text: kit.user.query(() => { throw 'hush' }),
      trpc: kit.user.query(() => { throw new TRPCError({ code: 'NOT_FOUND', message: 'hush' }) }),
      caused: kit.user.query(() => { throw new TRPCError({ code: 'NOT_FOUND', cause: new Error('hush') }) }),
      unknown: kit.user.query(() => { throw kit.error('NO_SUCH_REASON') }),
    },
    limits: kit.user.query(async ({ ctx }) => {
      const [own] = await ctx.query('select current_setting($1) as time', ['statement_timeout'])
      const [{ time }] = await ctx.kysely().selectNoFrom((eb) => eb.fn('current_setting', [eb.val('statement_timeout')]).as('time')).execute()
      return [own.time, time]
    }),
    use: kit
      .member()
      .input(z.object({ amount: z.number() }))
      .mutation(({ ctx, input }) =>
        ctx.transaction((tx) => tx.consume({ accountId: ctx.account.id, feature: 'reports', amount: input.amount })),
      ),
  }),
})`

let app: TestApp
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-kit-'))
  writeFileSync(join(folder, 'tollgate.config.ts'), CONFIG)
  app = await createTestApp({ CONFIG_FILE: join(folder, 'tollgate.config.ts') }, { worker: false })
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  await migrate(app.deps.config, app.deps.log)
  printed.mockRestore()
  await aPlan(app, { code: 'analyst', features: { reports: { limit: 2, per: 'total' } } })
})
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

interface Answer {
  result?: { data: { json: unknown } }
  error?: { json: { data: unknown } }
}

/** Calls procedures by their paths. Each call returns what it is answered: a value, or an error's data. */
async function callerOf({ email, password }: TestUser) {
  const { accessToken } = await app.client().api.auth.login.mutate({ email, password })
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
  const answerOf = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const { result, error } = (await (await fetch(`${app.url}/trpc/${path}`, { headers, ...init })).json()) as Answer
    return error ? error.json.data : result?.data.json
  }
  return {
    query: (path: string, input: object = {}) =>
      answerOf(`${path}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`),
    /** @param input JSON, so that it can have any key. */
    mutate: (path: string, input: string) => answerOf(path, { method: 'POST', body: `{"json":${input}}` }),
  }
}

test('kit.tier lets members in whose account has a plan of at least this tier', async () => {
  const [payer, other] = [await app.aUser(), await app.aUser()]
  await aGrant(app, payer, 'analyst')
  const [paid, free] = [await callerOf(payer), await callerOf(other)]
  expect(await paid.query('app.pro')).toBe(payer.id)
  expect(await free.query('app.pro')).toMatchObject({ reason: 'PLAN_REQUIRED', unlockedBy: { planCode: 'analyst' } })
  expect(await free.query('app.pro', { accountId: payer.id })).toMatchObject({ reason: 'ACCOUNT_NOT_FOUND' })
  expect(await paid.query('app.unknownTier')).toMatchObject({ reason: 'PLAN_REQUIRED' })
})

test('kit.tier and kit.feature are about the account that the call names, not about the caller’s own', async () => {
  const payer = await app.aUser()
  await aGrant(app, payer, 'analyst')
  const { id: accountId } = await anOrganization(app, { ...payer, api: (await app.as(payer)).api })
  const { query } = await callerOf(payer)
  expect(await query('app.pro', { accountId })).toMatchObject({ reason: 'PLAN_REQUIRED' })
  expect(await query('app.report', { accountId })).toMatchObject({ reason: 'FEATURE_REQUIRED' })
})

test('kit.feature lets members in until the limit is used up, and counts nothing', async () => {
  const [payer, other] = [await app.aUser(), await app.aUser()]
  await aGrant(app, payer, 'analyst')
  const [paid, free] = [await callerOf(payer), await callerOf(other)]
  expect(await free.query('app.report')).toMatchObject({
    reason: 'FEATURE_REQUIRED',
    unlockedBy: { planCode: 'analyst' },
  })
  expect(await paid.query('app.unknownFeature')).toMatchObject({ reason: 'FEATURE_NOT_FOUND' })
  for (let call = 0; call < 3; call += 1) expect(await paid.query('app.report')).toBe(payer.id)
  for (const amount of [0, -1, 0.5]) {
    expect(await paid.mutate('app.use', `{"amount":${amount}}`)).toMatchObject({ reason: 'INTERNAL_ERROR' })
  }
  expect(await paid.mutate('app.use', '{"amount":2}')).toMatchObject({ used: 2, remaining: 0 })
  expect(await paid.query('app.report')).toMatchObject({ reason: 'FEATURE_REQUIRED' })
})

test('a field never gets a value that answers can’t have', async () => {
  const { query, mutate } = await callerOf(await app.aUser())
  const write = (settings: string) => mutate('profile.update', `{"publicData":{"settings":${settings}}}`)
  const deep = `${'['.repeat(1_000)}${']'.repeat(1_000)}`
  const refused = (why: string) => ({ fieldErrors: { 'publicData.settings': why } })
  for (const settings of ['[{"__proto__":1}]', '{"constructor":1}', '{"a":{"prototype":1}}'])
    expect(await write(settings)).toMatchObject(refused('can’t be stored as JSON'))
  expect(await write(deep)).toMatchObject(refused('is nested too deeply'))
  await write('{"toString":"fine","list":[{"at":null}]}')
  expect(await query('auth.me')).toMatchObject({
    publicData: { settings: { toString: 'fine', list: [{ at: null }] } },
  })
})

test('all fields of a row have the same limit in bytes of JSON, at sign-up and later', async () => {
  const bytes = (data: object) => Buffer.byteLength(JSON.stringify(data))
  const largest = 'ü'.repeat((8_192 - bytes({ valueOf: '' })) / 2)
  const signUp = (name: string, valueOf: string) =>
    app.client().api.auth.register.mutate({
      ...{ email: `${name}@example.com`, username: name, password: 'correct horse battery' },
      publicData: { valueOf },
    })
  const refused = { data: { fieldErrors: { publicData: 'must have at most 8192 bytes in total' } } }
  await expect(signUp('too-large', `${largest}.`)).rejects.toMatchObject(refused)
  expect((await signUp('large', largest)).user.publicData).toEqual({ valueOf: largest })

  // PostgreSQL's own text of it has a space after each comma, and would be too large.
  const { mutate, query } = await callerOf(await app.aUser())
  const settings = Array.from({ length: (8_192 - bytes({ settings: [] }) + 1) / 2 }, () => 1)
  const [one, more] = [JSON.stringify(settings), JSON.stringify([...settings, 10])]
  expect(bytes({ settings })).toBe(8_192)
  expect(await mutate('profile.update', `{"publicData":{"settings":${more}}}`)).toMatchObject(refused.data)
  await mutate('profile.update', `{"publicData":{"settings":${one}}}`)
  expect(await query('auth.me')).toMatchObject({ publicData: { settings } })
})

test('a sign-up without a field has none, also where every object has something of that name', async () => {
  const account = { email: 'plain@example.com', username: 'plain', password: 'correct horse battery' }
  const { user } = await app.client().api.auth.register.mutate(account)
  expect(user.publicData).toEqual({})
})

test('what a procedure throws by mistake tells the caller nothing, and no wrong thing', async () => {
  const { query } = await callerOf(await app.aUser())
  for (const thrown of ['plain', 'text', 'trpc', 'caused', 'unknown']) {
    const answer = await query(`app.throws.${thrown}`)
    expect(answer).toMatchObject({ reason: 'INTERNAL_ERROR', httpStatus: 500 })
    expect(JSON.stringify(answer)).not.toContain('hush')
  }
})

test('a procedure refuses the start that has no guard, or would switch its guard or limit off', () => {
  const start = (procedures: string) => () => {
    const source = `import { defineConfig, z } from '@tollgate/config'\nexport default defineConfig({ procedures: ${procedures} })`
    const file = join(folder, `${randomUUID()}.ts`)
    writeFileSync(file, source)
    createOwnRouter(loadExtension(file), { billing: app.deps.billing, queues: new Map() })
  }
  expect(start(`(kit) => ({ a: kit.user.meta({ limit: 'none' }).query(() => 1) })`)).toThrow(
    /\.ts: procedures\.a: must not call \.meta\(…\)/,
  )
  expect(start(`(kit) => ({ a: kit.member('sea').query(() => 1) })`)).toThrow(
    /\.ts:2: kit\.member: right "sea" must be see, bill, manage or own/,
  )
  expect(start(`(kit) => ({ a: kit.tier('', 'sea').query(() => 1) })`)).toThrow(
    /kit\.tier: right "sea" must be .*, and tier "" must be 1 to 32 characters/,
  )
  expect(start(`(kit) => ({ a: kit.feature('To Do').query(() => 1) })`)).toThrow(/kit\.feature: feature "To Do" must/)
  expect(start(`(kit) => ({ a: { b: kit.user, c: kit.member } })`)).toThrow(
    /procedures\.a\.b: has to end with \.query.*\n.*procedures\.a\.c: must be a procedure that begins with/,
  )
  expect(start(`(kit) => ({ a: kit.user.subscription(async function* () {}) })`)).toThrow(
    /a: must be a query or a muta/,
  )
  for (const input of ['z.strictObject({ a: z.string() })', 'z.array(z.string())']) {
    expect(start(`(kit) => ({ a: kit.member().input(${input}).query(() => 1) })`)).toThrow(
      /procedures\.a: its input must be a z\.object/,
    )
    expect(start(`(kit) => ({ a: kit.user.input(${input}).query(() => 1) })`)).not.toThrow()
  }
  expect(start(`() => { ({}) }`)).toThrow(/procedures: must return an object/)
  expect(start(`() => ({ 'add-todo': 1 })`)).toThrow(/procedures\.add-todo: must be a name of letters/)
  expect(start(`async () => ({})`)).toThrow(/procedures: must not be async/)
  expect(start(`() => [1]`)).toThrow(/procedures: must be a procedure, or an object of them/)
  expect(start(`() => ({ then: 1 })`)).toThrow(/procedures\.then: is a reserved name/)
  expect(start(`() => ({ a: nothing })`)).toThrow(/\.ts:2: nothing is not defined/)
})

test('a job that hangs frees its worker when its time is over', async () => {
  const hang = createJobRoutes(app.deps).find(({ queue }) => queue.name === 'app.hang')
  const time = new AbortController()
  const running = hang?.run({}, { id: randomUUID(), retryCount: 0, signal: time.signal })
  time.abort(new Error('Too long.'))
  await expect(running).rejects.toThrow('Too long.')
})

test('admins see own jobs, and those of jobs that the configuration no longer has', async () => {
  const { boss } = app.deps
  const { api } = await app.as(await app.aUser({ isAdmin: true }))
  await boss.createQueue('app.gone', { retryLimit: 0, deadLetter: 'dead-letter' })
  await boss.send('app.gone', {})
  const [job] = await boss.fetch('app.gone')
  await boss.fail('app.gone', job?.id ?? '')
  for (const queue of ['app.gone', 'app.quiet']) await boss.send(queue, {})

  const { items } = await api.admin.jobs.list.query({ state: 'queued' })
  expect(items.map(({ queue }) => queue).toSorted()).toEqual(expect.arrayContaining(['app.gone', 'app.quiet']))
  const { queues } = await api.admin.jobs.counts.query()
  expect(queues).toContainEqual(expect.objectContaining({ queue: 'app.gone', queued: 1, failed: 1 }))
  expect(queues.filter(({ queue }) => /dead-letter|pgboss/.test(queue))).toEqual([])

  const failed = await api.admin.jobs.list.query({ state: 'failed', queue: 'app.gone' })
  const id = failed.items[0]?.id ?? ''
  expect(await fieldErrorsOf(api.admin.jobs.retry.mutate({ id }))).toEqual({
    id: 'is a job of app.gone, which no worker runs any more: discard it',
  })
  const gone = { queue: 'is app.gone, which no worker runs: discard its jobs' }
  expect(await fieldErrorsOf(api.admin.jobs.retryAll.mutate({ queue: 'app.gone' }))).toEqual(gone)
  await api.admin.jobs.retryAll.mutate({})
  expect((await api.admin.jobs.list.query({ state: 'failed', queue: 'app.gone' })).items).toEqual(failed.items)
  expect(await runVerb(app, `jobs retry ${id}`)).toEqual({
    code: 1,
    output: `${id}: is a job of app.gone, which no worker runs any more: discard it\n`,
  })
  await boss.deleteQueue('app.gone')
})

test('a worker removes the schedules of jobs that the configuration no longer has', async () => {
  const { boss, extension } = app.deps
  await app.startWorker()
  await boss.createQueue('app.gone')
  for (const queue of ['app.gone', 'app.quiet']) await boss.schedule(queue, '* * * * *')
  const names = async () => (await boss.getSchedules()).map(({ name }) => name)
  const before = await names()
  await removeOldSchedules(boss, extension.config)
  expect(before).toEqual(expect.arrayContaining(['app.gone', 'app.quiet', 'app.tick', 'reconcile']))
  expect((await names()).toSorted()).toEqual(
    before.filter((name) => !['app.gone', 'app.quiet'].includes(name)).toSorted(),
  )
})

test('a statement outside a transaction has a time limit, and the server’s own have none', async () => {
  const { query } = await callerOf(await app.aUser())
  expect(await query('app.limits')).toEqual(['30s', '30s'])
  const { em } = app.scope()
  const sql = limitedSqlOf(em, 50)
  await expect(sql.query('select pg_sleep(60)')).rejects.toThrow('statement timeout')
  await sql.query('begin') // no other call gets a connection that was left in a transaction
  await sql.kysely().destroy() // the pool stays open
  const state = `select current_setting('statement_timeout') || ' ' || (now() = statement_timestamp()) as state, pg_sleep(0.01)`
  const ofAll = await Promise.all(Array.from({ length: 20 }, () => app.scope().em.execute<{ state: string }[]>(state)))
  expect(new Set(ofAll.flat().map(({ state: each }) => each))).toEqual(new Set(['0 true']))
})
