import { randomUUID } from 'node:crypto'
import { keepBusy, type Load } from '../load.ts'

// Counts uses without HTTP, in a process of its own: what a procedure of the server does. Each message names what to measure.
export interface InProcessTask {
  readonly accounts: readonly string[]
  readonly feature: string
  readonly connections: number
  readonly milliseconds: number
}

/** What is used of the server's modules, which are loaded by path. */
interface Modules {
  openDatabase(options: object): Promise<{ em: { fork(): object }; close(): Promise<void> }>
  consume(scope: object, input: object, countUse: object): Promise<{ allowed: boolean }>
  createUsageCounting(em: object, deps: object): object
}

const SERVER = new URL('../../../../apps/server/src/', import.meta.url)
const load = async (file: string) => (await import(new URL(file, SERVER).href)) as Record<string, unknown>

const { openDatabase } = (await load('platform/database/database.ts')) as Pick<Modules, 'openDatabase'>
const { consume } = (await load('billing/usage/consume.ts')) as Pick<Modules, 'consume'>
const { createUsageCounting } = (await load('billing/usage/count-together.ts')) as Pick<Modules, 'createUsageCounting'>
const { entities } = await load('entities.ts')
const { migrations } = await load('migrations/index.ts')
const database = await openDatabase({ url: process.env['DATABASE_URL'], entities, migrations })
const now = () => new Date()
const scope = {
  clock: { now },
  billing: { time: { now: async () => now() }, settings: { pastDueGrace: 0, renewalLeeway: 0 }, providers: new Map() },
}
const countUse = createUsageCounting(database.em.fork(), { clock: scope.clock, ...scope.billing })

process.on('message', ({ accounts, feature, connections, milliseconds }: InProcessTask) => {
  const use = async (connection: number) => {
    const id = accounts[connection % accounts.length]
    const { allowed } = await consume(
      { ...scope, em: database.em.fork() },
      { id, feature, amount: 1, key: randomUUID() },
      countUse,
    )
    if (!allowed) throw new Error('A use was denied.')
  }
  keepBusy(connections, milliseconds, use).then(
    (result) => answer(result),
    (error: unknown) => answer({ error: String(error) }),
  )
})
process.once('disconnect', () => process.exit(0))
answer({ isReady: true })

function answer(message: Load | { error: string } | { isReady: true }): void {
  process.send?.(message)
}
