import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailsTo } from '../test/inbox.ts'
import { aMember, anOrganization } from '../test/organizations.ts'
import { advance, eventsDone, jobsDone } from '../test/progress.ts'
import { aPayingUser, type PayingUser } from '../test/purchases.ts'
import { stripeClient, stripeSubscriptionOf } from '../test/stripe.ts'
import { createTestApp, type TestApp } from '../test/test-app.ts'
import { reconcile } from './billing/index.ts'
import { readConfig } from './config.ts'
import { newId, oldestIdOf } from './platform/database/ids.ts'
import { DAY } from './platform/durations.ts'
import { removeOld } from './platform/retention/remove-old.ts'
import { retentionRules } from './retention-rules.ts'

const inDays = (days: number) => new Date(Date.now() + days * DAY)

describe('what is old', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterAll(() => app[Symbol.asyncDispose]())

  const rules = (days: number, settings: object = {}) =>
    retentionRules({ ...app.deps.config, ...settings }, inDays(days))
  const removed = (days: number, settings?: object) => removeOld(app.scope(), rules(days, settings))
  const count = async (table: string, where = 'true') => {
    const [row] = await app
      .scope()
      .em.execute<{ count: number }[]>(`select count(*)::int as count from ${table} where ${where}`)
    return row?.count ?? 0
  }
  const rowsOf = (user: PayingUser) =>
    app.scope().em.execute(
      `select 'subscription' as type, to_jsonb(subscriptions) - 'updated_at' as row from subscriptions where user_id = ?
       union all select 'payment', to_jsonb(payments) - 'updated_at' from payments where user_id = ? order by 1, 2`,
      [user.id, user.id],
    )

  test('stays as long as it is set to stay, and then goes, table by table', async () => {
    const user = await aPayingUser(app, 'pro')
    await reconcile(app.scope())
    await eventsDone(app)
    await jobsDone(app, 'send-mail')
    expect(await count('provider_events')).toBeGreaterThan(3)
    const young = await removed(34)
    expect(young).toMatchObject({ provider_events: 0, mails: 0, checkouts: 0, reconciliation_findings: 0 })

    const rows = await rowsOf(user)
    const old = await removed(100)
    expect(old['provider_events']).toBeGreaterThan(3)
    expect(old).toMatchObject({ mails: 0, checkouts: 1 })
    expect(await count('provider_events')).toBe(0)
    expect((await removed(400))['mails']).toBeGreaterThan(0)
    expect(await count('mails')).toBe(0)
    expect(await rowsOf(user)).toEqual(rows)
    expect(await count('customers')).toBeGreaterThan(0)
    expect(await count('provider_cursors')).toBe(1)
  })

  test('stays while it is open: an event that failed, a mail that was not sent, a checkout page that may be paid', async () => {
    const user = await app.aUser()
    await (await app.as(user)).api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    const { em } = app.scope()
    await em.execute(
      `insert into provider_events (id, provider, provider_event_id, type, status, occurred_at, payload, received_at)
       select ?::uuid, 'stripe', 'evt_open_' || status, 'customer.updated', status, now(), '{}', now()
       from unnest(array['failed']) as status`,
      [newId()],
    )
    await em.execute(
      "insert into mails (id, fact, template, recipient, created_at) values (?, 'not sent', 'any', 'a@example.com', now())",
      [newId()],
    )
    await em.execute(
      `insert into reconciliation_findings
         (id, found_at, kind, object_type, object_id, account_id, resolved_at, resolved_by)
       values (?, now(), 'refund_refused', 'payment', 'open', ?, null, null),
         (?, now(), 'refund_refused', 'payment', 'left by an admin', ?, now(), ?),
         (?, now(), 'refund_refused', 'payment', 'paid back', ?, now(), null)`,
      [newId(), user.id, newId(), user.id, newId(), newId(), user.id],
    )
    await removed(3_000)
    expect(await count('reconciliation_findings', "object_id in ('open', 'left by an admin')")).toBe(2)
    expect(await count('reconciliation_findings', "object_id = 'paid back'")).toBe(0)
    expect(await count('provider_events', "status = 'failed'")).toBe(1)
    expect(await count('mails', 'sent_at is null')).toBe(1)
    expect(await count('checkouts', "status = 'open'")).toBe(1)
    await em.execute("delete from provider_events where status = 'failed'")
  })

  test('of usage goes once it is closed and its window is long over, but not a reservation or what counts in total', async () => {
    const { id } = await app.aUser()
    const { em } = app.scope()
    for (const state of ['counted', 'open']) {
      await em.execute(
        `insert into usage_entries (id, account_id, key, feature, per, starts_at, asked, state, amount, used, created_at)
         values (?, ?, ?, 'a', 'day', now(), 1, ?, 1, 1, now())`,
        [newId(), id, state, state],
      )
    }
    for (const endsAt of [inDays(1), null]) {
      await em.execute(
        `insert into usage_counters (account_id, feature, per, starts_at, used, fits, ends_at, written_at)
         values (?, 'a', ?, now(), 1, true, ?, now())`,
        [id, endsAt ? 'day' : 'total', endsAt],
      )
    }
    expect(await removed(29)).toMatchObject({ usage_entries: 0, usage_counters: 0 })
    expect(await removed(31)).toMatchObject({ usage_entries: 1, usage_counters: 0 })
    expect(await removed(3_000)).toMatchObject({ usage_entries: 0, usage_counters: 1 })
    expect(await count('usage_entries', "state = 'open'")).toBe(1)
    expect(await count('usage_counters', "per = 'total'")).toBe(1)
  })

  test('can come again: an event whose row is gone changes nothing and mails nobody', async () => {
    const user = await aPayingUser(app, 'pro')
    await stripeClient(app).subscriptions.update((await stripeSubscriptionOf(app, user.stripeCustomerId)).id, {
      cancel_at_period_end: true,
    })
    await advance(app, { days: 1 })
    await jobsDone(app, 'send-mail')
    const [rows, mails] = [await rowsOf(user), await mailsTo(user.email)]
    expect(mails.length).toBeGreaterThan(1)
    await removed(100)
    expect(await count('provider_events')).toBe(0)

    // Stripe's list still has all of these events.
    await app.scope().em.execute("update provider_cursors set listed_until = now() - interval '20 days'")
    expect((await reconcile(app.scope())).recovered).toBeGreaterThan(5)
    await eventsDone(app)
    await jobsDone(app, 'send-mail')
    expect(await rowsOf(user)).toEqual(rows)
    expect(await mailsTo(user.email)).toHaveLength(mails.length)
  })

  test('is an invitation that was accepted or revoked, or expired; one that can be accepted stays', async () => {
    const owner = await aMember(app)
    const { id: accountId } = await anOrganization(app, owner)
    const invite = async (name: string) => {
      const { invitation } = await owner.api.accounts.invitations.create.mutate({
        ...{ accountId, email: `${name}-${owner.username}@example.com`, role: 'member' },
      })
      return invitation.id
    }
    const [renewed, , revoked] = [await invite('renewed'), await invite('expired'), await invite('revoked')]
    const { em } = app.scope()
    await em.execute("update invitations set expires_at = now() + interval '29 days' where id in (?, ?)", [
      ...[renewed, revoked],
    ])
    await owner.api.accounts.invitations.revoke.mutate({ accountId, invitationId: revoked })
    await removed(5)
    expect(await count('invitations', `account_id = '${accountId}'`)).toBe(3)
    await removed(30)
    expect(await em.execute('select id from invitations where account_id = ?', [accountId])).toEqual([{ id: renewed }])
  })

  test('goes in small ranges, of which a stopped run leaves the rest', async () => {
    await removed(400)
    const { em } = app.scope()
    const ids = Array.from({ length: 25 }, newId)
    await em.execute(
      `insert into mails (id, fact, template, recipient, created_at, sent_at)
       select id, 'range ' || id, 'any', 'a@example.com', now(), now() from unnest(?::uuid[]) as id`,
      [`{${ids.join(',')}}`],
    )
    const mails = () => count('mails', "fact like 'range%'")
    await removeOld(app.scope(), rules(400), { rangeSize: 10, run: 1 })
    expect(await mails()).toBe(15)
    await removeOld(app.scope(), rules(400), { rangeSize: 10 })
    expect(await mails()).toBe(0)
  })

  test('can be a session with its tokens, without reading all other tokens', async () => {
    const user = await app.aUser()
    const { em } = app.scope()
    const issued = oldestIdOf(inDays(-200)).slice(0, 14)
    await em.execute(
      `with session as (
         insert into sessions (id, user_id, ip, user_agent, created_at, expires_at)
         select gen_random_uuid(), ?::uuid, '', '', now() - interval '200 days', now() - interval '100 days'
         from generate_series(1, 50) returning id
       )
       insert into refresh_tokens (jti, session_id, hash, key_id, issued_at, expires_at, rotated_at)
       select overlay(gen_random_uuid()::text placing ? from 1)::uuid, id, '', '', now() - interval '200 days',
         now() - interval '190 days', now() from session cross join generate_series(1, 20)`,
      [user.id, issued],
    )
    const scans = async () => {
      const [row] = await em.execute<{ scans: number }[]>(
        `select pg_stat_force_next_flush(), coalesce(seq_scan, 0)::int as scans from pg_stat_user_tables where relname = 'refresh_tokens'`,
      )
      return row?.scans ?? 0
    }
    const before = await scans()
    expect(await removed(0)).toMatchObject({ sessions: 50, refresh_tokens: 1_000 })
    expect((await scans()) - before).toBeLessThan(5)
  })

  test('is a note of an ended session, but not while a reader may still need it', async () => {
    await app.scope().em.execute(
      `insert into session_ends (session_id, ended_at, recorded_at)
       select gen_random_uuid(), now(), now() - make_interval(mins => minutes)
       from unnest(array[1, 16, 24 * 60, 24 * 60 + 20, 24 * 90]) minutes`,
    )
    expect(await removed(0)).toMatchObject({ session_ends: 2 })
    expect(await count('session_ends', "recorded_at < now() - interval '23 hours'")).toBe(1)
  })

  test('is an audit entry only if the operator says so, and never within a year', async () => {
    const { em } = app.scope()
    const entry = (days: number) =>
      em.execute(
        `insert into audit_entries (id, action, target_type, target_id, created_at)
         values (?, 'retention', 'user', ?, now() - ? * interval '1 day')`,
        [oldestIdOf(inDays(-days)), randomUUID(), days],
      )
    for (const days of [300, 800]) await entry(days)
    const entries = () => count('audit_entries', "action = 'retention'")
    await removed(1_000)
    expect(await entries()).toBe(2)
    await removed(0, { RETAIN_AUDIT: 500 * DAY })
    expect(await entries()).toBe(1)
    // Even with another clock, the trigger keeps what is younger than a year.
    await expect(removed(900, { RETAIN_AUDIT: 500 * DAY })).rejects.toThrow(/can not be changed or removed/)
    expect(await entries()).toBe(1)
    await expect(em.execute("delete from audit_entries where action = 'retention'")).rejects.toThrow(/can not be/)
  })
})

test('settings that could lose what Stripe may still send, or send a mail twice, are refused', () => {
  const refused = (env: Record<string, string>) => {
    try {
      readConfig(env)
    } catch (error) {
      return String(error)
    }
    return ''
  }
  expect(refused({ RETAIN_EVENTS: '34d' })).toMatch(/RETAIN_EVENTS must be .* at least 35d/)
  expect(refused({ RETAIN_AUDIT: '30d' })).toMatch(/RETAIN_AUDIT/)
  expect(refused({ RETAIN_EVENTS: '100d', RETAIN_MAILS: '90d' })).toMatch(/RETAIN_MAILS must be at least RETAIN_EVENTS/)
  expect(refused({ RETAIN_EVENTS: '35d', RETAIN_MAILS: '35d', RETAIN_AUDIT: '365d' })).not.toMatch(/RETAIN/)
})
