import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { openDatabase, type Database } from './database.ts'
import { runPrepared } from './prepared.ts'

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

test('a statement that fails costs no connection', async () => {
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

test('a connection that has gone silent is given up after ten seconds and replaced', async () => {
  const before = await backend()
  for (const connection of connections) connection.unpipe().pause() // a network that loses all, and says nothing
  await expect(backend()).rejects.toThrow('timeout')
  expect(await backend()).not.toBe(before)
}, 20_000)
