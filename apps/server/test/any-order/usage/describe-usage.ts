import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { giveBack, settle } from '../../../src/billing/usage/close-reservation.ts'
import { createUsageCounting, type CountUse } from '../../../src/billing/usage/count-together.ts'
import { countUsage, type Asked, type CountedRow } from '../../../src/billing/usage/count-usage.ts'
import { freeReservations } from '../../../src/billing/usage/free-reservations.ts'
import { entities } from '../../../src/entities.ts'
import { migrations } from '../../../src/migrations/index.ts'
import { openDatabase, type Database } from '../../../src/platform/database/database.ts'
import { newId } from '../../../src/platform/database/ids.ts'
import { randomFrom } from '../../random-from.ts'
import { createTestDatabase, type TestDatabase } from '../../test-database.ts'

const LIMIT = 100
const CALLS = 64
const POLICY = { pastDueGrace: 0, renewalLeeway: 0 }
const START = new Date('2026-11-01T00:00:00Z')

/**
 * Two processes count (together, alone, or two features in one transaction), settle, give back and free at once, with few
 * keys, while connections are killed and reservations expire. A call whose answer is lost is made again. Then the counters
 * and the entries must agree.
 */
export function describeUsage(seeds: readonly number[]): void {
  describe('usage in any order, by two processes whose connections break', () => {
    let database: TestDatabase
    let processes: Database[]
    beforeAll(async () => {
      database = await createTestDatabase()
      const open = () => openDatabase({ url: database.url, entities, migrations, poolSize: 8 })
      processes = [await open(), await open()]
      for (const { em } of processes) await em.fork().execute('select 1')
    })
    afterAll(async () => {
      for (const each of processes) await each.close()
      await database[Symbol.asyncDispose]()
    })

    test.each(seeds)('never exceeds a limit, and neither loses nor doubles anything: seed %i', async (seed) => {
      const random = randomFrom(seed)
      const upTo = (most: number) => Math.floor(random() * most)
      const em = (at: number) => (processes[at % 2] as Database).em.fork()
      const someTime = () => new Date(START.getTime() + upTo(60_000))
      const together = processes.map((each) =>
        createUsageCounting(each.em.fork(), {
          ...{ clock: { now: someTime }, time: { now: async () => START }, settings: POLICY },
        }),
      )
      const accountId = randomUUID()
      await em(0).execute(
        "insert into accounts (id, kind, name, created_at) values (?, 'organization', 'Seeds', now())",
        [accountId],
      )
      for (const feature of ['f0', 'f1']) {
        await em(0).execute(
          "insert into entitlement_overrides (id, account_id, feature, value, reason, created_at) values (?, ?, ?, ?, 'Seeds', now())",
          [newId(), accountId, feature, JSON.stringify({ limit: LIMIT, per: 'month' })],
        )
      }
      const again = async <T>(work: () => Promise<T>): Promise<T> => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await work()
          } catch (error) {
            // Only broken connections may fail a call: a deadlock is a failure of the property.
            const code = error instanceof Error && 'code' in error ? error.code : undefined
            if (attempt === 20 || code === '40P01' || code === '23505') throw error
          }
        }
      }
      const acknowledged = new Map<string, string>()
      const askedFor = (number: number): Asked => ({
        ...{ entryId: newId(), accountId, feature: `f${number % 2}`, key: `f${upTo(2)}-${number}` },
        ...{ amount: 1 + (number % 9), reserve: number % 2 ? 1 + (number % 3) * 30 : null },
      })
      const acknowledge = ({ key }: Asked, entry: CountedRow | undefined) => {
        if (!entry?.is_known) throw new Error('The feature is not known.')
        const answer = `${entry.id} ${entry.used} ${entry.state === 'denied' ? 'denied' : 'allowed'}`
        expect(acknowledged.get(key) ?? answer).toBe(answer)
        acknowledged.set(key, answer)
        return entry
      }
      const run = async (at: number): Promise<void> => {
        const asked = askedFor(upTo(CALLS))
        const wallNow = someTime()
        const end = { accountId, now: wallNow, billingNow: START, amount: upTo(14) }
        const [kills, closes, isAlone] = [random() < 0.1, random(), random() < 0.3]
        const both = random() < 0.2 && [askedFor(2 * upTo(CALLS / 2)), askedFor(2 * upTo(CALLS / 2) + 1)]
        const counting = { billingNow: START, wallNow, settings: POLICY }
        const count: CountUse = isAlone ? (what) => countUsage(em(at), what, counting) : (together[at % 2] as CountUse)
        if (kills) {
          await em(at)
            .execute(
              `select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() limit 2`,
            )
            .catch(() => null)
        }
        if (both) {
          const entries = await again(() =>
            em(at).transactional(async (inner) => {
              const counted: (CountedRow | undefined)[] = []
              for (const each of both) counted.push(await countUsage(inner, each, counting))
              return counted
            }),
          )
          for (const [place, each] of both.entries()) acknowledge(each, entries[place])
          return
        }
        const entry = acknowledge(asked, await again(() => count(asked)))
        if (closes > 0.9) await again(() => freeReservations({ em: em(at), clock: { now: () => wallNow } }))
        if (asked.reserve === null || entry.state === 'denied') return
        const reservation = entry.id
        const settling = () => again(() => settle(em(at + 1), { ...end, reservation }))
        const returning = () => again(() => giveBack(em(at), { ...end, reservation }))
        if (closes < 0.3) await Promise.all([settling(), returning()])
        else if (closes < 0.5) await settling()
        else if (closes < 0.6) await returning()
      }
      await Promise.all(Array.from({ length: CALLS }, (_, at) => run(at)))

      const counters = await em(0).execute<{ feature: string; used: string; sum: string }[]>(
        `select c.feature, c.used, (select coalesce(sum(e.amount), 0) from usage_entries e
           where e.account_id = c.account_id and e.feature = c.feature) as sum
         from usage_counters c where c.account_id = ?`,
        [accountId],
      )
      expect(counters.length).toBeGreaterThan(0)
      for (const { used, sum } of counters) {
        expect(used).toBe(sum)
        expect(Number(used)).toBeLessThanOrEqual(LIMIT)
      }
      const keys = await em(0).execute('select key from usage_entries where account_id = ?', [accountId])
      expect(keys).toHaveLength(acknowledged.size)
    })
  })
}
