import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { longTest } from '../../../test/long.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { openDatabase, type Database } from './database.ts'
import { keepsStatementsPrepared, runAlone, runPrepared, runWithin, type RunPrepared } from './prepared.ts'

let server: TestDatabase
let network: Server
let database: Database
const connections: Socket[] = []
beforeAll(async () => {
  server = await createTestDatabase()
  const { hostname, port } = new URL(server.url)
  network = createServer((client) => {
    const onward = connect(Number(port || 5432), hostname)
    connections.push(client.on('error', () => onward.destroy()))
    client.pipe(onward.on('error', () => client.destroy())).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(network, 'listening')
  const url = new URL(server.url)
  url.host = `127.0.0.1:${(network.address() as AddressInfo).port}`
  database = await openDatabase({ url: url.href, entities, migrations, poolSize: 1 })
  await database.em.execute('create table names (name text primary key)')
})
afterAll(async () => {
  await database.close()
  for (const connection of connections) connection.destroy()
  network.close()
  await server[Symbol.asyncDispose]()
})

const backend = async () => {
  const statement = { name: 'backend', text: 'select pg_backend_pid() as pid' }
  const [row] = await runPrepared<{ pid: number }>(database.em, statement, [])
  return row?.pid
}

test('a prepared statement that fails does not cost its connection', async () => {
  const before = await backend()
  const add = () => runPrepared(database.em, { name: 'add', text: 'insert into names values ($1)' }, ['ada'])
  await add()
  for (let n = 0; n < 3; n++) await expect(add()).rejects.toMatchObject({ constraint: 'names_pkey' })
  expect(await backend()).toBe(before)
})

test('a connection that the server closes is replaced', async () => {
  const before = await backend()
  const end = { name: 'end', text: 'select pg_terminate_backend(pg_backend_pid())' }
  await expect(runPrepared(database.em, end, [])).rejects.toMatchObject({ code: '57P01' })
  expect(await backend()).not.toBe(before)
})

longTest(
  'a connection without an answer is replaced after ten seconds',
  async () => {
    const before = await backend()
    for (const connection of connections) connection.unpipe().pause() // a network that silently drops everything
    await expect(backend()).rejects.toThrow('timeout')
    expect(await backend()).not.toBe(before)
  },
  20_000,
)

test('without the pool of the ORM, the ORM runs the statement', async () => {
  await using poolless = await openDatabase({ url: server.url, entities, migrations })
  const getNativeClient = async () => {
    throw new Error('The native client is not available.')
  }
  Object.assign(poolless.em.getConnection(), { getNativeClient })
  const em = poolless.em.fork()
  expect(await keepsStatementsPrepared(database.em.fork())).toBe(true)
  expect(await keepsStatementsPrepared(em)).toBe(false)
  const add = { name: 'add-name', text: 'insert into names values ($1) returning name, now()::timestamptz(0) as at' }
  const [row] = await runPrepared<{ name: string; at: string }>(em, add, ['grace'])
  expect(row).toEqual({ name: 'grace', at: expect.any(String) })
  await expect(runPrepared(em, add, ['grace'])).rejects.toMatchObject({ constraint: 'names_pkey' })
})

test.each([
  ['alone', (work: Work) => runAlone(database.em).together(work)],
  ['in a transaction', (work: Work) => database.em.fork().transactional((em) => runWithin(em).together(work))],
])('statements that are run together, %s, are rolled back together', async (_where, together) => {
  const add = { name: 'add-one', text: 'insert into names values ($1)' }
  const failed = together(async (run) => {
    await run(add, ['mary'])
    await run(add, ['mary'])
  })
  await expect(failed).rejects.toMatchObject({ constraint: 'names_pkey' })
  expect(await database.em.fork().execute("select name from names where name = 'mary'")).toEqual([])
  await together((run) => run(add, [`mary ${_where}`]))
  expect(await database.em.fork().execute('select name from names where name = ?', [`mary ${_where}`])).toHaveLength(1)
})

type Work = (run: RunPrepared) => Promise<unknown>
