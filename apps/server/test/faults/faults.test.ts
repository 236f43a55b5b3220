import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { queueMail } from '../../src/mail/index.ts'
import { mailsTo, until } from '../inbox.ts'
import { createFaultyApp, type FaultyApp } from './faulty-app.ts'

describe('a faulty wire', () => {
  let faulty: FaultyApp
  beforeAll(async () => {
    faulty = await createFaultyApp()
    // The first statement also connects to the database.
    await faulty.app.scope().em.execute('select 1')
  })
  afterAll(() => faulty[Symbol.asyncDispose]())

  /** Runs `begin`, two inserts, and `commit`, one of which fails. */
  const insertTwo = async (call: number, fault: 'before' | 'after') => {
    const { app, faults, database } = faulty
    const name = randomUUID()
    faults.arm([{ call, fault }])
    const inserts = app.scope().em.transactional(async (em) => {
      for (const part of [1, 2]) {
        await em.execute(
          `insert into mails (id, fact, template, recipient, created_at) values (gen_random_uuid(), ?, 'x', ?, now())`,
          [`${name}:${part}`, name],
        )
      }
    })
    const [outcome] = await Promise.allSettled([inserts])
    const { thrown } = faults.disarm()
    const { rowCount } = await database.query('select 1 from mails where recipient = $1', [name])
    return { outcome: outcome.status, thrown, rows: rowCount }
  }

  test.each([
    [0, 'before', 'begin', 0],
    [2, 'before', 'insert', 0],
    [2, 'after', 'insert', 0],
    [3, 'before', 'commit', 0],
    [3, 'after', 'commit', 2],
  ] as const)(
    'that fails at statement %i (%s %s) causes an error and leaves %i rows',
    async (call, fault, what, rows) => {
      const seen = await insertTwo(call, fault)
      expect(seen).toMatchObject({ outcome: 'rejected', rows })
      expect(seen.thrown).toEqual([expect.stringMatching(new RegExp(`^call ${call}: ${fault} sql ${what}`))])
    },
  )

  test('passes everything on when no call is to fail', async () => {
    expect(await insertTwo(99, 'before')).toEqual({ outcome: 'fulfilled', thrown: [], rows: 2 })
  })

  test('to Stripe either drops the call or loses its answer', async () => {
    const { app, faults } = faulty
    const provider = app.deps.billing.provider.withTimeBudget(10_000)
    const make = () => provider.ensureProduct({ planId: 'p1', code: 'p1', name: 'P1' })
    const known = async () => provider.fetchCatalogueItem({ kind: 'product', id: 'plan_p1' })
    for (const [fault, isThere] of [
      ['before', false],
      ['after', true],
    ] as const) {
      faults.arm([{ call: 0, fault }])
      await expect(make()).rejects.toMatchObject({ reason: 'PAYMENT_PROVIDER_ERROR' })
      expect(faults.disarm().thrown).toHaveLength(1)
      expect((await known()) !== null).toBe(isThere)
    }
  })

  test('to the mail server makes the worker send again, so the inbox gets the mail once, or twice with one Message-ID', async () => {
    const { app, faults, worker } = faulty
    for (const [fault, copies] of [
      ['before', 1],
      ['after', 2],
    ] as const) {
      const to = `${randomUUID()}@example.com`
      const scope = app.scope()
      await scope.em.transactional((em) =>
        queueMail(em, scope, {
          ...{ fact: to, to, userId: null, template: 'password-changed' },
          props: { username: 'ada', at: new Date().toISOString() },
        }),
      )
      // The calls before are fetching the job and reading the mail.
      faults.arm([{ call: 2, fault }])
      await worker.workOff()
      expect(faults.disarm().thrown).toEqual([expect.stringContaining(`${fault} smtp mail`)])
      const mails = await until('the mail', async () => {
        const received = await mailsTo(to)
        return received.length >= copies && received
      })
      expect(mails).toHaveLength(copies)
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1)
    }
  })

  test('that fails more often than the server has connections costs none of them', async () => {
    const client = faulty.app.client()
    for (let lost = 0; lost < 12; lost++) await insertTwo(2, 'before')
    expect(await client.api.billing.plans.list.query()).not.toEqual([])
  })
})
