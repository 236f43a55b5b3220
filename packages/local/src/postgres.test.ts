import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { stillRuns, identify } from './process-identity.ts'

const place = mkdtempSync(join(tmpdir(), 'tollgate postgres ')) // with a space in the path
const dir = join(place, 'data')

beforeAll(async () => {
  const postgres = await startPostgres({ dir })
  await query(postgres.url, 'create table kept as select 42 as answer')
  await postgres.stop()
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

test('rows and port stay the same after a restart', async () => {
  const first = await startPostgres({ dir })
  await first.stop()

  await using second = await startPostgres({ dir })
  expect(second.port).toBe(first.port)
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
})

test('PostgreSQL moves to another port when its last one is taken', async () => {
  const first = await startPostgres({ dir })
  await first.stop()
  await using neighbour = await listenOn(first.port)
  expect(neighbour.listening).toBe(true)

  await using second = await startPostgres({ dir })
  expect(second.port).not.toBe(first.port)
})

test('PostgreSQL recovers from a kill -9 with open connections', async () => {
  const killed = await startPostgres({ dir })
  const client = new pg.Client(killed.url)
  const lost = new Promise((resolve) => client.on('error', resolve))
  await client.connect()
  process.kill(serverPid(), 'SIGKILL')
  await lost

  await using recovered = await startPostgres({ dir })
  expect(await query(recovered.url, 'select answer from kept')).toEqual([{ answer: 42 }])
})

test.runIf(process.platform === 'linux')(
  'PostgreSQL starts when the pid in its lock file belongs to another program',
  async () => {
    const killed = await startPostgres({ dir })
    const server = identify(serverPid())
    process.kill(serverPid(), 'SIGKILL')
    await expect.poll(() => server && stillRuns(server), { timeout: 20_000 }).toBe(false)
    const lock = readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')
    writeFileSync(join(dir, 'postmaster.pid'), [process.pid, ...lock.slice(1)].join('\n'))

    await using restarted = await startPostgres({ dir })
    expect(restarted.port).toBe(killed.port)
  },
)

test('a second start uses the server that already runs in the directory', async () => {
  await using first = await startPostgres({ dir })
  const pid = serverPid()
  const second = await startPostgres({ dir })
  expect(second.url).toBe(first.url)
  expect(serverPid()).toBe(pid)
})

test('the error names the port that is taken', async () => {
  const port = await freePort()
  await using neighbour = await listenOn(port)
  expect(neighbour.listening).toBe(true)
  await expect(startPostgres({ dir, port })).rejects.toThrow(`Port ${port} is taken`)
})

test('PostgreSQL starts after its first start was interrupted', async () => {
  const interrupted = join(place, 'interrupted')
  writeFileSync(`${interrupted}.new`, 'unfinished')
  await using postgres = await startPostgres({ dir: interrupted, settings: { fsync: 'off' } })
  expect(await query(postgres.url, 'show fsync')).toEqual([{ fsync: 'off' }])
})

const serverPid = () => Number(readFileSync(join(dir, 'postmaster.pid'), 'utf8').split('\n')[0])

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql)
    return rows
  } finally {
    await client.end()
  }
}

function listenOn(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server))
  })
}
