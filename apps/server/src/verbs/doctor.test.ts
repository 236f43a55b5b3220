import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { aPaymobGateway, aPaymobSubscription } from '../../test/paymob-gateway.ts'
import { aPlan } from '../../test/plans.ts'
import { environmentOf, freePort, runVerb } from '../../test/server-process.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { createEmptyDatabase } from '../../test/test-database.ts'
import { doctor } from './doctor.ts'

let app: TestApp
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  await app.aUser({ isAdmin: true })
})
afterAll(() => app[Symbol.asyncDispose]())

/** Secrets that can't be guessed, so that the doctor has nothing to say about them. */
const SOUND = {
  ACCESS_TOKEN_SECRET: 'k3Jx9QmZr7Vt2LbN8wPyG5hDcF4aUe6S',
  REFRESH_TOKEN_SECRET: 'p8Wd2YfKz5Rj7MvC3nTbQ9xGh6LsEa4U',
  VALIDATION_TOKEN_SECRET: 'v6Bt4NcXq9Hm3ZkS7gRwJ2yFp8DeUa5L',
  RATE_LIMIT_ENABLED: 'true',
}

/** Runs the doctor with an environment that differs from a sound one. */
async function examine(env: Record<string, string> = {}): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = []
  const spy = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  try {
    return { code: await doctor({ ...environmentOf(app), ...SOUND, ...env }), lines }
  } finally {
    spy.mockRestore()
  }
}

const notFine = ({ lines }: { lines: string[] }) => lines.filter((line) => /^(?:look|WRONG)/.test(line))

describe('the doctor', () => {
  test('finds webhook endpoints that fail or were switched off, and webhooks that no worker sends', async () => {
    const { em } = app.scope()
    await em.execute(
      `insert into webhook_endpoints (id, url, description, state, off_reason, created_at, failing_since, secrets)
       select gen_random_uuid(), 'https://' || name || '.example/secret-path', '', state, reason, now(), since, '[]'
       from (values ('gone', 'off', 'gone', now()), ('switched', 'off', 'switched_off', null),
         ('failing', 'active', null, now()), ('fine', 'active', null, null)) as made (name, state, reason, since)`,
    )
    await app.aUser()
    await app.deps.events.sequence()
    await em.execute("update webhook_deliveries set next_attempt_at = now() - interval '10 minutes'")
    const found = await examine()
    await em.execute('delete from webhook_endpoints')
    expect(found.code).toBe(0)
    expect(notFine(found)).toEqual([
      expect.stringMatching(/webhooks.*gone\.example was switched off because it answered 410/),
      expect.stringMatching(/failing\.example has failed since 20/),
      expect.stringMatching(/has been due for 10 min\. Is a worker running\?/),
    ])
    expect(found.lines.join()).not.toContain('secret-path')
  })

  test('finds events that can’t be presented, and events that no worker gives their places', async () => {
    const { em } = app.scope()
    const broken = `select add_event('subscription.changed', 'subscription', ?, null, '{"plan_id":"none"}')`
    await app.deps.events.sequence()
    await em.execute(broken, ['one'])
    await em.execute("update events set created_at = now() - interval '9 minutes' where object_id = 'one'")
    expect(notFine(await examine())).toEqual([
      expect.stringMatching(/events .*has waited for its place in the feed for 9 min\. Is a worker running\?/),
    ])
    await em.execute(broken, ['other'])
    await app.deps.events.sequence()
    expect(notFine(await examine())).toEqual([
      expect.stringMatching(
        /events .*presented, so they wait \(2\), for example those of subscription one, subscription other\. The log/,
      ),
    ])
    await em.execute("delete from events where object_id in ('one', 'other')")
  })

  test('checks the configuration file, its migrations, and the queues of its jobs, also of those it no longer has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-doctor-'))
    const examineWith = (source: string) => {
      const file = join(folder, `${crypto.randomUUID()}.js`)
      writeFileSync(file, `import { defineConfig, z } from '@tollgate/config'\nexport default defineConfig(${source})`)
      return examine({ CONFIG_FILE: file })
    }
    const { boss } = app.deps
    await boss.createQueue('app.gone')
    await boss.send('app.gone', {})
    try {
      const found = await examineWith(
        `{ jobs: { tidy: { data: z.object({}), run() {} } }, migrations: [{ name: '1', sql: 'select 1' }] }`,
      )
      expect(found.code).toBe(1)
      expect(notFine(found)).toEqual([
        expect.stringMatching(/^WRONG {2}config .*\.js: not all of its migrations have run\. Run migrate\.$/),
        expect.stringMatching(/^WRONG {2}job queue {2}These queues are missing: app\.tidy\. Run migrate\.$/),
      ])
      expect(notFine(await examineWith('{}'))).toEqual([
        expect.stringMatching(
          /^look .*Jobs wait in queues that no worker runs: app\.gone \(1\)\. This version, or its/,
        ),
      ])
      expect(notFine(await examineWith(`{ procedures: (kit) => ({ a: kit.member('sea').query(() => 1) }) }`))).toEqual([
        expect.stringMatching(/^WRONG {2}config .*\.js:2: kit\.member: right "sea" must be see, bill, manage or own$/),
        expect.stringContaining('app.gone'),
      ])
      expect(notFine(await examineWith('{ jobs: { A: 1 }, user: {} }'))).toEqual([
        expect.stringMatching(/^WRONG {2}config .*\.js: jobs\.A: must be a name of lowercase letters/),
        expect.stringMatching(
          /^WRONG {2}config .*: the default export must be defineConfig.*: Unrecognized key: "user"/,
        ),
        expect.stringContaining('app.gone'),
      ])
    } finally {
      await boss.deleteQueue('app.gone')
      rmSync(folder, { recursive: true })
    }
  })

  test('checks the keys and plans of Paymob, and says which addresses its dashboard needs', async () => {
    await using setup = await aPaymobGateway()
    const { sandbox } = setup
    const env = {
      ...{ PAYMOB_SECRET_KEY: sandbox.secretKey, PAYMOB_PUBLIC_KEY: sandbox.publicKey },
      ...{ PAYMOB_API_KEY: sandbox.apiKey, PAYMOB_HMAC_SECRET: sandbox.hmacSecret, PAYMOB_URL: sandbox.url },
      PAYMOB_INTEGRATION_3DS: String(sandbox.integrations.card),
      PAYMOB_INTEGRATION_MOTO: String(sandbox.integrations.moto),
    }
    const { code, lines } = await examine(env)
    expect(code).toBe(0)
    const about = lines.filter((line) => line.slice(7, 16).trim() === 'Paymob').join('\n')
    expect(about).toContain(`the sandbox at ${sandbox.url} accepts the key (test mode).`)
    expect(about).toContain('/billing/paymob/callback (processed)')

    const refused = await examine({ ...env, PAYMOB_API_KEY: 'another-key-of-someone-else' })
    expect(notFine(refused).join()).toMatch(/WRONG +Paymob +.*refuses the keys: copy PAYMOB_API_KEY/)
    expect(refused.lines.join()).not.toContain('another-key-of-someone-else')
    const { em } = app.scope()
    const plan =
      "insert into plans (id, code, name, price_cents, currency, billing_period, tier, provider, status, created_at, updated_at) values (gen_random_uuid(), 'egp', 'EGP', 900, 'egp', 'monthly', 'pro', 'paymob', 'active', now(), now())"
    await em.execute(plan)
    const { id } = await aPaymobSubscription(setup)
    const { id: userId } = await app.aUser()
    await em.execute(
      `insert into subscriptions (id, user_id, plan_id, provider, provider_subscription_id, status, price_cents, currency,
         billing_period, started_at, current_period_start, current_period_end, created_at, updated_at)
       select gen_random_uuid(), ?, id, 'paymob', ?, 'active', 900, 'egp', 'monthly', now(), now(),
         now() + interval '20 days', now(), now() from plans where code = 'egp'`,
      [userId, id],
    )
    const unsure = notFine(await examine(env)).join()
    expect(unsure).toMatch(/look +Paymob +No subscription at Paymob shows a note yet \(1 checked\)/)
    expect(unsure).toMatch(/The callbacks of 1 of 1 subscriptions go to another address/)
    await setup.provider().cancel({ subscriptionId: id, at: 'period_end', itemId: null })
    expect((await examine(env)).lines.join()).toContain('Paymob keeps what register_webhook sets')
    expect(notFine(await examine()).join()).toMatch(
      /WRONG +Paymob +Paymob is off, but still charges for live subscriptions \(1\)/,
    )
    await em.execute("delete from subscriptions where provider = 'paymob'")
    await em.execute("delete from plans where code = 'egp'")

    const gone = await examine({ ...env, PAYMOB_URL: `http://127.0.0.1:${await freePort()}` })
    expect(notFine(gone).join()).toContain('does not answer')
  })

  test('finds nothing wrong if all is well, and prints a line for each subject', async () => {
    const { code, lines } = await examine()
    expect(lines.filter((line) => !line.startsWith('ok '))).toEqual(['Nothing is wrong.'])
    expect(code).toBe(0)
    for (const about of ['settings', 'database', 'job queue', 'Stripe', 'mail'])
      expect(lines.map((line) => line.slice(7, 16).trim())).toContain(about)
  })

  test('names every wrong setting and stops there', async () => {
    const { code, lines } = await examine({ SMTP_URL: '', ACCESS_TOKEN_SECRET: 'short' })
    expect(lines).toEqual([
      'WRONG  settings   ACCESS_TOKEN_SECRET must be at least 32 bytes long',
      'WRONG  settings   SMTP_URL is missing',
      'Fix these first. Everything else depends on them.',
    ])
    expect(code).toBe(1)
  })

  test('says how access tokens are signed, and never shows the key', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const key = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
    const signing = await examine({ ACCESS_TOKEN_PRIVATE_KEY: key, ACCESS_TOKEN_SECRET: '' })
    expect(notFine(signing)).toEqual([])
    expect(signing.lines.join()).toContain('Access tokens are signed with ES256.')
    expect(notFine(await examine({ ACCESS_TOKEN_PRIVATE_KEY: `hmac,${key}` }))).toEqual([
      'look   settings   ACCESS_TOKEN_PRIVATE_KEY signs nothing yet: remove the word hmac once every server has the key.',
    ])
    const wrong = await examine({ ACCESS_TOKEN_PRIVATE_KEY: `${key},${key}` })
    expect(wrong.lines.join()).toContain('WRONG  settings   ACCESS_TOKEN_PRIVATE_KEY must not have a key twice')
    expect(wrong.lines.join()).not.toContain(key.slice(-20))
  })

  test('names a variable that is probably a misspelled setting', async () => {
    expect(notFine(await examine({ SESION_POLICY: 'multiple' }))).toEqual([
      'look   settings   SESION_POLICY is not a setting; did you mean SESSION_POLICY?',
    ])
  })

  test('reports settings that may not be intended, but does not fail', async () => {
    const rotated = `${SOUND.REFRESH_TOKEN_SECRET},change-me-or-so-it-was-once-upon-a-time`
    const found = await examine({ REFRESH_TOKEN_SECRET: rotated, RATE_LIMIT_ENABLED: 'false' })
    expect(notFine(found)).toEqual([
      expect.stringContaining('REFRESH_TOKEN_SECRET can be guessed'),
      expect.stringContaining('REFRESH_TOKEN_SECRET still accepts an older secret'),
      expect.stringContaining('RATE_LIMIT_ENABLED is false'),
    ])
    expect(found.code).toBe(0)
  })

  test.each([
    [
      'a database that does not run',
      async () => ({ DATABASE_URL: `postgres://a:hunter2hunter2@127.0.0.1:${await freePort()}/x` }),
      /database .*does not answer/,
    ],
    [
      'a mail server that does not run',
      async () => ({ SMTP_URL: `smtp://a:hunter2hunter2@127.0.0.1:${await freePort()}` }),
      /mail .*ECONNREFUSED.*SMTP_URL/,
    ],
    [
      'a Stripe that does not answer',
      async () => ({ STRIPE_API_URL: `http://127.0.0.1:${await freePort()}` }),
      /Stripe .*does not answer/,
    ],
    [
      'a key that Stripe refuses',
      async () => ({ STRIPE_SECRET_KEY: 'sk_test_hunter2hunter2' }),
      /Stripe .*refuses the key: .*STRIPE_SECRET_KEY/,
    ],
  ])('finds %s and prints no secret', async (_what, broken, line) => {
    const found = await examine(await broken())
    expect(notFine(found)).toContainEqual(expect.stringMatching(line))
    expect(found.code).toBe(1)
    const text = found.lines.join('\n')
    for (const secret of ['hunter2', ...Object.values(SOUND).slice(0, 3)]) expect(text).not.toContain(secret)
  })

  test('finds a database that is not migrated, a newer version, a missing queue, and an invalid index', async () => {
    await using empty = await createEmptyDatabase()
    expect(notFine(await examine({ DATABASE_URL: empty.url }))).toEqual([
      expect.stringMatching(/database .*Not migrated \(0001-initial, .*run migrate/),
      expect.stringMatching(/job queue .*migrate/),
      expect.stringMatching(/Stripe .*could not be checked/),
    ])

    const { em } = app.scope()
    await em.execute("insert into migrations (name) values ('9999-from-the-future')")
    await em.execute("update pgboss.queue set name = 'renamed' where name = 'reconcile'")
    await expect(em.execute('create unique index concurrently half on migrations ((1))')).rejects.toThrow('half')
    try {
      expect(notFine(await examine())).toEqual([
        expect.stringMatching(/newer version has migrated it \(9999-from-the-future\)/),
        expect.stringMatching(/invalid: public\.half\. Run migrate: it rebuilds them/),
        expect.stringMatching(/queues are missing: reconcile\. Run migrate/),
      ])
    } finally {
      await em.execute('drop index half')
      await em.execute("delete from migrations where name = '9999-from-the-future'")
      await em.execute("update pgboss.queue set name = 'reconcile' where name = 'renamed'")
    }
  }, 90_000)

  test('finds a plan whose price belongs to another Stripe account', async () => {
    const plan = await aPlan(app, { code: 'elsewhere' })
    const { em } = app.scope()
    await em.execute(
      `insert into plan_prices (id, plan_id, price_cents, currency, billing_period, provider_price_id, created_at)
       values (gen_random_uuid(), ?, 1000, 'usd', 'monthly', 'price_of_another_account', now())`,
      [plan.id],
    )
    const found = await examine()
    await em.execute("update plan_prices set provider_account = 'acct_old:test' where plan_id = ?", [plan.id])
    const known = await examine()
    await em.execute('delete from plan_prices where plan_id = ?', [plan.id])
    await em.execute("update plans set status = 'retired' where code = 'elsewhere'")
    expect(notFine(found)).toEqual([expect.stringContaining('no price for the plan elsewhere')])
    expect(notFine(known)).toEqual([
      expect.stringContaining('no price for the plan elsewhere'),
      expect.stringMatching(/Left over from acct_old:test.*0 live subscriptions.*0 customers and 1 prices/),
    ])
    // It is created again with the next order.
    expect(found.code).toBe(0)
  })

  test('is a verb of the program', async () => {
    const { code, output } = await runVerb(app, 'doctor', SOUND)
    expect(output).toMatch(/Nothing is wrong\.\n$/)
    expect(code).toBe(0)
  })
})
