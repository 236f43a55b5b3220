import { randomUUID } from 'node:crypto'
import { initTRPC } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { argon2id, hash, verify } from 'argon2'
import express from 'express'
import { Pool } from 'pg'
import superjson from 'superjson'
import { keepBusy, type Load } from './load.ts'

/**
 * The ceilings: what this machine can do with the least code. They are Argon2 with the server's cost, a tRPC call that
 * does nothing, a token rotation in a plain transaction with five round trips, an insert, and an update of a row that each
 * connection has for itself. They run in their own process, like the server.
 */
export const CEILINGS = ['verify', 'hash', 'rotate', 'insert', 'count'] as const
export type CeilingTask = { name: (typeof CEILINGS)[number]; connections: number; milliseconds: number }
export type CeilingMessage = { url: string } | Load | { error: string }

const COST = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 10 })

await prepare()
const phc = await hash('correct horse battery', COST)
const tasks = {
  verify: () => verify(phc, 'correct horse battery'),
  hash: () => hash('correct horse battery', COST),
  rotate,
  insert,
  count,
}

process.on('message', ({ name, connections, milliseconds }: CeilingTask) => {
  keepBusy(connections, milliseconds, tasks[name]).then(
    (load) => send(load),
    (error: unknown) => send({ error: String(error) }),
  )
})
process.once('disconnect', () => process.exit(0))
const server = serveNothing().listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') send({ url: `http://127.0.0.1:${address.port}` })
})

function send(message: CeilingMessage): void {
  process.send?.(message)
}

function serveNothing() {
  const t = initTRPC.create({ transformer: superjson })
  const router = t.router({
    nothing: t.procedure.query(() => null),
    count: t.procedure.input(connectionOf).mutation(({ input }) => count(input)),
  })
  return express().use('/trpc', createExpressMiddleware({ router }))
}

/** The number of a connection, as a mutation's input. */
function connectionOf(input: unknown): number {
  return Number(input instanceof Object && Reflect.get(input, 'connection'))
}

async function prepare(): Promise<void> {
  await pool.query('create schema if not exists bench')
  await pool.query(`create table if not exists bench.tokens (
    id uuid primary key, hash text not null, expires_at timestamptz not null, rotated_at timestamptz, replaced_by uuid)`)
  await pool.query(`create table if not exists bench.events (
    id uuid primary key, event_id text not null unique, payload jsonb not null, received_at timestamptz not null)`)
  await pool.query('create table if not exists bench.counters (id integer primary key, used bigint not null)')
  await pool.query('insert into bench.counters select n, 0 from generate_series(0, 63) n on conflict do nothing')
}

const tokens = new Map<number, string>()

/** Rotates a token: begin, read with a lock, revoke, insert the successor, commit. */
async function rotate(connection: number): Promise<void> {
  const old = tokens.get(connection) ?? (await firstToken())
  const successor = randomUUID()
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('select id, hash, expires_at, rotated_at from bench.tokens where id = $1 for update', [old])
    await client.query('update bench.tokens set rotated_at = now(), replaced_by = $2 where id = $1', [old, successor])
    await client.query("insert into bench.tokens (id, hash, expires_at) values ($1, $2, now() + interval '7 days')", [
      successor,
      successor,
    ])
    await client.query('commit')
  } finally {
    client.release()
  }
  tokens.set(connection, successor)
}

async function firstToken(): Promise<string> {
  const id = randomUUID()
  await pool.query("insert into bench.tokens (id, hash, expires_at) values ($1, $2, now() + interval '7 days')", [
    id,
    id,
  ])
  return id
}

const PAYLOAD = JSON.stringify({
  object: 'event',
  data: { object: { id: 'sub_bench', object: 'subscription', pad: 'x'.repeat(2000) } },
})

async function insert(): Promise<void> {
  const id = randomUUID()
  await pool.query('insert into bench.events (id, event_id, payload, received_at) values ($1, $2, $3, now())', [
    id,
    id,
    PAYLOAD,
  ])
}

async function count(connection: number): Promise<number> {
  const text = 'update bench.counters set used = used + 1 where id = $1 returning used'
  const { rows } = await pool.query<{ used: string }>(text, [connection])
  return Number(rows[0]?.used)
}
