import { join } from 'node:path'
import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { auditOf } from '../../test/admin.ts'
import { aMailTo, until } from '../../test/inbox.ts'
import { fieldErrorsOf, reasonOf } from '../../test/rejection.ts'
import { aServiceKey } from '../../test/service-keys.ts'
import { createTestApp, type TestApp, type TestUser } from '../../test/test-app.ts'
import { describeFailure } from '../platform/errors/describe-failure.ts'
import { applyPlansFile } from '../verbs/apply-plans.ts'
import { migrate } from '../verbs/migrate.ts'
import { runOwnMigrations } from './database/run-own-migrations.ts'

const EXAMPLE = join(import.meta.dirname, '../../../../examples/todo')
const PASSWORD = 'correct horse battery'

/** The example's procedures. Its own program has their types from its configuration. */
interface TodoApi {
  app: {
    todos: {
      list: { query(input?: { accountId?: string }): Promise<{ id: string; text: string; done: boolean }[]> }
      add: {
        mutate(input: {
          text: string
          accountId?: string
        }): Promise<{ id: string; remaining: number | null; by: string }>
      }
      finish: { mutate(input: { id: string }): Promise<object> }
    }
  }
}

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({ CONFIG_FILE: join(EXAMPLE, 'tollgate.config.ts') }, { worker: false })
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    expect(await migrate(app.deps.config, app.deps.log)).toBe(0)
    expect(printed.mock.calls).toEqual([['Migrated: 001-todos.']])
    expect(await migrate(app.deps.config, app.deps.log)).toBe(0)
    const plans = ['--file', join(EXAMPLE, 'tollgate.plans.ts')]
    expect(await applyPlansFile(app.deps.config, app.deps.log, plans)).toBe(0)
  } finally {
    printed.mockRestore()
  }
  await app.startWorker()
})
afterAll(() => app[Symbol.asyncDispose]())

/** The client's types know the example's procedures only in a program that has registered its configuration. */
const hasTodos = (api: object): api is TodoApi => Reflect.get(api, 'app') !== undefined

async function asUser(user: TestUser): Promise<TollgateClient['api'] & TodoApi> {
  const { api } = await app.as(user)
  if (!hasTodos(api)) throw new Error('The client has no app procedures.')
  return api
}

test('own procedures count against the plan’s limit in the transaction of their insert', async () => {
  const user = await app.aUser()
  const api = await asUser(user)
  await api.profile.update.mutate({ publicData: { company: 'Analytical Engines' } })
  const added = await api.app.todos.add.mutate({ text: ' Tea ' })
  expect(added).toMatchObject({ remaining: 2, by: 'Analytical Engines' })
  await Promise.all(['Milk', 'Scones'].map((text) => api.app.todos.add.mutate({ text })))

  await expect(api.app.todos.add.mutate({ text: 'Jam' })).rejects.toMatchObject({
    data: { code: 'FORBIDDEN', reason: 'FEATURE_REQUIRED', unlockedBy: { planCode: 'pro' } },
  })
  const listed = await api.app.todos.list.query()
  expect(listed.map(({ text }) => text).toSorted()).toEqual(['Milk', 'Scones', 'Tea'])
  const [used] = await app
    .scope()
    .em.execute('select used::int from usage_counters where account_id = ? and feature = ?', [user.id, 'todos'])
  expect(used).toEqual({ used: 3 })
  expect(await fieldErrorsOf(api.app.todos.add.mutate({ text: '' }))).toEqual({ text: 'must not be empty' })
})

test('own procedures have our guards, and reasons of their own', async () => {
  const [owner, stranger] = [await app.aUser(), await app.aUser()]
  const api = await asUser(owner)
  const { id } = await api.app.todos.add.mutate({ text: 'Mine' })
  const other = await asUser(stranger)
  expect(await reasonOf(other.app.todos.list.query({ accountId: owner.id }))).toBe('ACCOUNT_NOT_FOUND')
  await expect(other.app.todos.finish.mutate({ id })).rejects.toMatchObject({
    message: 'There is no such todo. Reload the list.',
    data: { code: 'NOT_FOUND', reason: 'TODO_NOT_FOUND' },
  })
  await api.app.todos.finish.mutate({ id })
  expect(await api.app.todos.list.query()).toMatchObject([{ id, done: true }])

  const unverified = await asUser(await app.aUser({ isVerified: false }))
  expect(await reasonOf(unverified.app.todos.list.query())).toBe('EMAIL_NOT_VERIFIED')
  expect((await fetch(`${app.url}/trpc/app.todos.list`)).status).toBe(401)
})

test('users write the fields that they may, and every bad one is named', async () => {
  const user = await app.aUser()
  const { api } = await app.as(user)
  const change = (publicData: Record<string, unknown>) => api.profile.update.mutate({ publicData, firstName: 'Ada' })
  expect(
    await fieldErrorsOf(change({ company: ' ', isBeta: true, crmId: 'c1', nothing: null, company2: 'x' })),
  ).toEqual({
    'publicData.company': 'must not be empty',
    'publicData.isBeta': 'can only be changed by an operator',
    'publicData.crmId': 'is not a field of the configuration',
    'publicData.nothing': 'is not a field of the configuration',
    'publicData.company2': 'is not a field of the configuration',
  })
  expect(await fieldErrorsOf(change({ company: 'A\0' }))).toEqual({ 'publicData.company': 'can’t be stored as JSON' })
  expect((await api.profile.get.query()).firstName).toBeNull()

  await change({ company: 'Analytical Engines' })
  expect((await api.auth.me.query()).publicData).toEqual({ company: 'Analytical Engines' })
  await change({})
  await change({ company: null })
  expect((await api.auth.me.query()).publicData).toEqual({})

  // Nothing fails because of what a row has from before.
  await app.scope().em.execute(`update users set public_data = '{"company": 7, "old": [1]}' where id = ?`, [user.id])
  expect((await api.auth.me.query()).publicData).toEqual({ company: 7, old: [1] })
  await change({ company: 'New' })
  expect((await api.auth.me.query()).publicData).toEqual({ company: 'New', old: [1] })
})

test('a sign-up takes the fields that are marked for it', async () => {
  const { api } = app.client()
  const account = { email: 'signup.fields@example.com', username: 'signup-fields', password: PASSWORD }
  expect(
    await fieldErrorsOf(api.auth.register.mutate({ ...account, publicData: { company: '', isBeta: true } })),
  ).toEqual({
    'publicData.company': 'must not be empty',
    'publicData.isBeta': 'can only be changed by an operator',
  })
  const { user } = await api.auth.register.mutate({ ...account, publicData: { company: 'Analytical Engines' } })
  expect(user.publicData).toEqual({ company: 'Analytical Engines' })
  const mail = await aMailTo(account.email, /first todo/)
  expect(mail.subject).toBe('Confirm your address, and write your first todo')
  expect(mail.text).toContain('Hi signup-fields,')
  expect(mail.text).toMatch(/Three todos a month are free\.[\S\s]*Start:\n.*verify-email\?token=/)
  const { user: found } = await api.auth.login.mutate({ email: account.email, password: PASSWORD })
  expect(found.publicData).toEqual({ company: 'Analytical Engines' })
})

test('the example lets no one sign up with a throwaway address', async () => {
  const account = { email: 'todo@mailinator.com', username: 'throwaway', password: PASSWORD }
  await expect(app.client().api.auth.register.mutate(account)).rejects.toMatchObject({
    message: 'Sign up with an address that you keep.',
    data: { reason: 'SIGN_UP_DENIED' },
  })
})

test('operators and programs read and write all fields, and nobody else sees the private ones', async () => {
  const user = await app.aUser()
  const own = await app.as(user)
  const { api } = await app.as(await app.aUser({ isAdmin: true }))
  const change = { id: user.id, publicData: { isBeta: true }, privateData: { crmId: 'c-1' } }
  expect(await api.admin.users.setData.mutate(change)).toEqual({
    publicData: { isBeta: true },
    privateData: { crmId: 'c-1' },
    revision: expect.any(String),
  })
  expect(await fieldErrorsOf(api.admin.users.setData.mutate({ id: user.id, privateData: { crmId: 7 } }))).toEqual({
    'privateData.crmId': expect.stringContaining('string'),
  })
  for (const name of ['\0', '\ud800']) {
    const removal = { id: user.id, privateData: { [name]: null } }
    expect(await reasonOf(api.admin.users.setData.mutate(removal))).toBe('INVALID_INPUT')
  }
  expect(await api.admin.users.get.query({ id: user.id })).toMatchObject({ privateData: { crmId: 'c-1' } })
  expect(await reasonOf(own.api.admin.users.setData.mutate(change))).toBe('ADMIN_ONLY')
  const seen = JSON.stringify([await own.api.auth.me.query(), await own.api.accounts.list.query()])
  expect(seen).toContain('isBeta')
  expect(seen).not.toContain('crmId')

  const ofAccount = { id: user.id, privateData: { note: 'Pays by transfer' } }
  expect(await api.admin.accounts.setData.mutate(ofAccount)).toMatchObject({ privateData: ofAccount.privateData })
  expect(await auditOf(app, user.id)).toMatchObject([
    { action: 'user.data' },
    { action: 'account.data', after: { fields: ['privateData.note'] } },
  ])

  const [reading, all] = [await aServiceKey(app, 'users:read'), await aServiceKey(app, 'admin')]
  const ofUser = (key: string, body?: object) =>
    fetch(`${app.url}/v1/users/${user.id}/data`, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body && { method: 'PATCH', body: JSON.stringify(body) }),
    })
  const read = (await (await ofUser(reading)).json()) as { revision: string }
  expect(read).toMatchObject({ publicData: { isBeta: true }, privateData: { crmId: 'c-1' } })
  expect((await ofUser(reading, { publicData: { isBeta: null } })).status).toBe(403)
  const now = { publicData: { isBeta: null, company: 'Acme' }, revision: read.revision }
  const changed = await ofUser(all, now)
  expect(await changed.json()).toMatchObject({ publicData: { company: 'Acme' }, privateData: { crmId: 'c-1' } })
  expect((await ofUser(all, now)).status).toBe(409)
  expect(await auditOf(app, user.id)).toMatchObject([
    { action: 'user.data', after: { fields: ['publicData.isBeta', 'privateData.crmId'] } },
    { action: 'account.data' },
    { action: 'user.data', actor_id: null, after: { serviceKeyId: expect.any(String) } },
  ])
})

test('of two operators with one state of the fields in mind, the second one changes nothing', async () => {
  const user = await app.aUser()
  const { users, accounts } = (await app.as(await app.aUser({ isAdmin: true }))).api.admin
  const { dataRevision: revision } = await users.get.query({ id: user.id })
  const change = (isBeta: boolean) => users.setData.mutate({ id: user.id, publicData: { isBeta }, revision })
  const both = await Promise.allSettled([change(true), change(false)])
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await reasonOf(change(true))).toBe('REVISION_STALE')
  expect(await reasonOf(users.setData.mutate({ id: user.id, privateData: { crmId: 'c' }, revision }))).toBe(
    'REVISION_STALE',
  )
  const { publicData } = await users.get.query({ id: user.id })
  expect(both).toContainEqual(expect.objectContaining({ value: expect.objectContaining({ publicData }) }))

  const seen = await accounts.get.query({ id: user.id })
  expect(seen.dataRevision).toBe(revision) // the same state: no fields
  const note = (text: string) =>
    accounts.setData.mutate({ id: user.id, privateData: { note: text }, revision: seen.dataRevision })
  expect((await note('First')).revision).not.toBe(revision)
  expect(await reasonOf(note('Second'))).toBe('REVISION_STALE')
  expect((await accounts.get.query({ id: user.id })).privateData).toEqual({ note: 'First' })
})

test('the fields of a deactivated user and of a closed account can still be changed and removed', async () => {
  const user = await app.aUser()
  const { api } = await app.as(user)
  const { users, accounts } = (await app.as(await app.aUser({ isAdmin: true }))).api.admin
  const { id: team } = await api.accounts.create.mutate({ name: 'Acme' })
  await accounts.setData.mutate({ id: team, privateData: { note: 'Ada, 12 Hill Road' } })
  await users.setData.mutate({ id: user.id, privateData: { crmId: 'c-1' } })
  await api.accounts.delete.mutate({ accountId: team })
  await users.update.mutate({ id: user.id, isActive: false })
  expect(await accounts.setData.mutate({ id: team, privateData: { note: null } })).toMatchObject({ privateData: {} })
  expect(await users.setData.mutate({ id: user.id, privateData: { crmId: null } })).toMatchObject({ privateData: {} })
  expect(await accounts.get.query({ id: team })).toMatchObject({ isClosed: true, privateData: {} })
})

test('a job of the configuration runs in the worker, and a crash in a procedure tells the caller nothing', async () => {
  const { em } = app.scope()
  const user = await app.aUser()
  const api = await asUser(user)
  const { id } = await api.app.todos.add.mutate({ text: 'Old' })
  await api.app.todos.finish.mutate({ id })
  await em.execute(`update app.todos set created_at = now() - interval '91 days' where id = ?`, [id])
  const queue = app.deps.extension.queues.get('clean-up')
  if (!queue) throw new Error('The example has no job.')
  await em.transactional(async (transaction) => app.deps.jobs.send(transaction, queue, {}))
  await until('the old todo to be gone', async () => (await api.app.todos.list.query()).length === 0)

  await em.execute('alter table app.todos rename to todos_away')
  try {
    await expect(api.app.todos.list.query()).rejects.toMatchObject({
      message: expect.not.stringContaining('todos'),
      data: { reason: 'INTERNAL_ERROR' },
    })
  } finally {
    await em.execute('alter table app.todos_away rename to todos')
  }
})

test('a migration that fails says what is wrong with it', async () => {
  const migrations = [{ name: '003-bad', sql: 'create table app.half (); insert into app.nowhere values (1)' }]
  const unqualified = [{ name: '002-notes', sql: 'create table notes (account_id uuid references accounts (id))' }]
  expect(await runOwnMigrations(app.scope().em, { migrations: unqualified }, app.deps.log)).toEqual(['002-notes'])
  expect(await app.scope().em.execute('select from app.notes')).toEqual([])

  const failure = await runOwnMigrations(app.scope().em, { migrations }, app.deps.log).catch(describeFailure)
  expect(failure).toMatch(/^The migration 003-bad of the configuration failed: .*"app\.nowhere" does not exist/)
  await expect(app.scope().em.execute('select from app.half')).rejects.toThrow(/does not exist/)

  const ending = [{ name: '004-ending', sql: 'select 1; commit; select 2' }]
  const ended = await runOwnMigrations(app.scope().em, { migrations: ending }, app.deps.log).catch(describeFailure)
  expect(ended).toMatch(/^The migration 004-ending of the configuration failed: it has ended its transaction/)
})

test('a migration that does not get the lock of one of our tables is tried again', async () => {
  const sql = 'create table app.labels (user_id uuid references public.users (id))'
  const config = { migrations: [{ name: '004-labels', sql }] }
  const run = (tries: number) =>
    runOwnMigrations(app.scope().em, config, app.deps.log, { lockTimeout: 200, againAfter: 10, tries })
  const opened = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const writing = app.scope().em.transactional(async (em) => {
    await em.execute('update users set updated_at = updated_at where false')
    opened.resolve()
    await end.promise
  })
  await opened.promise
  expect(await run(2).catch(describeFailure)).toMatch(
    /^The migration 004-labels of the configuration failed: .* another transaction has held it for minutes/,
  )
  const migrating = run(1_000)
  end.resolve()
  await writing
  expect(await migrating).toEqual(['004-labels'])
})
