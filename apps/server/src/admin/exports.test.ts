import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf } from '../../test/admin.ts'
import { advance, jobsDone } from '../../test/progress.ts'
import { aGrant, aPayingUser } from '../../test/purchases.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { newId } from '../platform/database/ids.ts'
import { DEAD_LETTER_QUEUE } from '../platform/jobs/jobs.ts'
import { exports } from './exports.ts'

/** Filters that a list needs. */
const NEEDED: Readonly<Record<string, string>> = { trials: '?state=started', jobs: '?state=failed' }

const FORMULA = '=HYPERLINK("http://evil.example")'
const FAILED_JOB = newId()
/** More than a page of an export. */
const MANY = 1_100

describe("a download of the operators' lists", () => {
  let app: TestApp
  let api: TollgateClient['api']
  let session: TollgateClient['session']
  beforeAll(async () => {
    app = await createTestApp()
    const admin = await anAdmin(app)
    const client = await app.as(admin)
    ;[api, session] = [client.api, client.session]
    const payer = await aPayingUser(app, 'pro')
    await aGrant(app, await app.aUser(), 'vip')
    await advance(app, { days: 1 })
    const { em } = app.scope()
    await em.execute(
      `insert into reconciliation_findings (id, found_at, kind, account_id, object_type, object_id, after, resolved_at, resolution)
       select gen_random_uuid(), now() - make_interval(secs => n), case when n % 2 = 0 then 'corrected' else 'against_rules' end,
         ?, 'subscription', 'sub_' || n, '{"status": "=1+1"}', now(), ?
       from generate_series(1, ${MANY}) n`,
      [payer.id, FORMULA],
    )
    await em.execute('update accounts set name = ? where id = ?', ['+1 (555) 0100', payer.id])
    await em.execute(
      `insert into provider_events (id, provider, provider_event_id, type, status, payload, received_at, occurred_at, last_error)
       values (?, 'stripe', 'evt_formula', '@SUM(A1)', 'failed', '{}', now(), now(), ?)`,
      [newId(), FORMULA],
    )
    await em.execute(
      `insert into pgboss.job (id, name, source_name, data, state) values (?, ?, 'sync-plan', '{}', 'created')`,
      [FAILED_JOB, DEAD_LETTER_QUEUE],
    )
  }, 60_000)
  afterAll(() => app[Symbol.asyncDispose]())

  const ask = async (path: string) =>
    fetch(`${app.url}/admin/export/${path}`, {
      headers: { authorization: `Bearer ${session.current?.accessToken ?? ''}` },
    })
  const read = async (path: string) => {
    const answer = await ask(path)
    expect([path, answer.status]).toEqual([path, 200])
    const [header = [], ...rows] = cellsOf(await answer.text())
    return { header, rows, column: (name: string) => rows.map((row) => row[header.indexOf(name)]) }
  }

  test('begins with its header, and has a cell for each of its columns in every row', async () => {
    for (const { name, header } of exports) {
      if (name === 'plan-move') continue // it needs the id of a move
      const { header: first, rows } = await read(`${name}.csv${NEEDED[name] ?? ''}`)
      expect([name, first]).toEqual([name, header])
      for (const row of rows) expect([name, row.length]).toEqual([name, header.length])
    }
  })

  test('has exactly the rows of the list with the same filters', async () => {
    const day = new Date().toISOString().slice(0, 10)
    const users = await read('users.csv?isAdmin=true&isVerified=true')
    const listed = await api.admin.users.list.query({ isAdmin: true, isVerified: true, limit: 100 })
    expect(users.column('id')).toEqual(listed.items.map(({ id }) => id))
    expect(users.column('admin')).not.toContain('false')

    const accounts = await read('accounts.csv?planCode=pro&status=active')
    expect(accounts.rows.length).toBeGreaterThan(0)
    expect(new Set(accounts.column('plan'))).toEqual(new Set(['pro']))
    expect(accounts.column('price')[0]).toBe('19.00')

    const changes = await read(`mrr-changes.csv?kind=new&from=${day}`)
    expect(changes.rows.length).toBeGreaterThan(0)
    expect(new Set(changes.column('kind'))).toEqual(new Set(['new']))
    expect((await read('mrr-changes.csv?to=2020-01-01')).rows).toEqual([])

    expect((await read('events.csv?status=failed')).column('provider_event')).toEqual(['evt_formula'])
    expect((await ask('events.csv?status=lost')).status).toBe(400)
    expect((await ask('mails.csv?from=yesterday')).status).toBe(400)
    expect((await ask('trials.csv')).status).toBe(400)
    expect((await ask('jobs.csv')).status).toBe(400)
    expect((await read('jobs.csv?state=failed')).column('id')).toEqual([FAILED_JOB])
    const before = await auditOf(app, 'users')
    expect(before.at(-1)).toMatchObject({ action: 'list.export', after: { isAdmin: true, isVerified: true } })
    const audit = await read('audit.csv?action=list.export')
    expect(new Set(audit.column('action'))).toEqual(new Set(['list.export']))
  })

  test('goes on over all pages, each row once', async () => {
    const { column } = await read('findings.csv')
    expect(new Set(column('id')).size).toBe(MANY)
    expect(column('object')).toHaveLength(MANY)
    expect((await read('findings.csv?kind=corrected')).rows).toHaveLength(MANY / 2)
  })

  test('makes no formula of what others wrote', async () => {
    const findings = await read('findings.csv?kind=corrected')
    expect(findings.column('note')[0]).toBe(`'${FORMULA}`)
    expect(findings.column('account_name')[0]).toBe("'+1 (555) 0100")
    const events = await read('events.csv?status=failed')
    expect(events.rows[0]).toContain(`'${FORMULA}`)
    expect(events.column('type')).toEqual(["'@SUM(A1)"])
    expect((await read('accounts.csv?planCode=pro')).column('name')).toEqual(["'+1 (555) 0100"])
  })
})

describe('a figure of the overview', () => {
  test('counts exactly the rows of the list that it leads to', async () => {
    await using app = await createTestApp()
    const { api } = await anAdmin(app)
    const [paid, partly, back] = [
      await aPayingUser(app, 'pro'),
      await aPayingUser(app, 'vip'),
      await aPayingUser(app, 'pro'),
    ]
    await aGrant(app, await app.aUser(), 'vip')
    const refund = async (userId: string, amountCents?: number) => {
      const [payment] = (await api.admin.payments.list.query({ userId })).items
      await api.admin.payments.refund.mutate({ id: payment?.id ?? '', ...(amountCents && { amountCents }) })
    }
    await refund(partly.id, 500)
    await refund(back.id)
    await advance(app, { seconds: 1 })
    expect(paid.id).not.toBe(partly.id)

    const { mrr, revenue, from, to } = await api.admin.overview.query({ days: 7 })
    const window = { from: new Date(from), to: new Date(Date.parse(to) + 86_400_000), currency: 'usd', limit: 100 }
    const [usd] = revenue
    const counted = (await api.admin.payments.list.query({ ...window, counted: 'revenue' })).items
    expect(counted).toHaveLength(usd?.payments ?? 0)
    expect(counted.reduce((sum, row) => sum + row.amountCents - row.refundedCents, 0)).toBe(usd?.cents)
    const refunds = (await api.admin.payments.list.query({ ...window, counted: 'refunds' })).items
    expect(refunds).toHaveLength(2)
    const sent = async () => (await api.admin.mails.list.query({ sentLast24h: true, limit: 100 })).items
    await jobsDone(app, 'send-mail')
    expect(await sent()).toHaveLength((await api.admin.overview.query({ days: 1 })).mails.sentLast24h)
    await app.scope().em.execute(`update mails set sent_at = now() - interval '25 hours'`)
    expect(await sent()).toEqual([])
    expect(refunds.reduce((sum, row) => sum + row.refundedCents, 0)).toBe(usd?.refundedCents)

    const inMrr = (await api.admin.subscriptions.list.query({ countsInMrr: true, currency: 'usd' })).items
    expect(inMrr).toHaveLength(mrr[0]?.subscribers ?? 0)
    expect(inMrr.reduce((sum, { priceCents }) => sum + priceCents, 0)).toBe(mrr[0]?.cents)
    const others = (await api.admin.subscriptions.list.query({ countsInMrr: false })).items
    expect(others.map(({ provider }) => provider)).toEqual(['manual'])
  })
})

/** Reads RFC 4180. */
function cellsOf(csv: string): string[][] {
  return csv
    .trimEnd()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
      ),
    )
}
