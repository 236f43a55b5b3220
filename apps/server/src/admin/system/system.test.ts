import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf, UNKNOWN_ID } from '../../../test/admin.ts'
import { aMailTo, codeIn, mailsTo, tokenIn, until } from '../../../test/inbox.ts'
import { createTestMailServer, type TestMailServer } from '../../../test/mail-server.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { MAIL_SAMPLES, queueMail } from '../../mail/index.ts'
import { newId } from '../../platform/database/ids.ts'

let app: TestApp
let admin: TestUser & { api: TollgateClient['api'] }
let api: TollgateClient['api']['admin']
beforeAll(async () => {
  app = await createTestApp()
  admin = await anAdmin(app)
  api = admin.api.admin
})
afterAll(() => app[Symbol.asyncDispose]())

const UNKNOWN = { id: UNKNOWN_ID }

describe('mails', () => {
  const mailTo = async (email: string, template: string) => {
    const [mail] = (await api.mails.list.query({ email, template })).items
    if (!mail) throw new Error(`There is no ${template} to ${email}.`)
    return mail
  }
  const sent = (email: string, template: string) =>
    until(`the ${template} to be sent`, async () => {
      const mail = await mailTo(email, template).catch(() => undefined)
      return mail?.state === 'sent' && mail
    })

  test('are found by address in any letter case, by template, state and time', async () => {
    const user = await app.aUser({ isVerified: false })
    await app.client().api.auth.forgotPassword.mutate({ email: user.email })
    const mail = await sent(user.email, 'reset-password')
    expect(mail).toMatchObject({ email: user.email, subject: 'Set a new password', lastError: null })
    const list = api.mails.list
    expect((await list.query({ email: ` ${user.email.toUpperCase()} `, state: 'sent' })).items).toEqual([mail])
    expect((await list.query({ email: user.email, state: 'failed' })).items).toEqual([])
    const at = mail.createdAt
    expect((await list.query({ email: user.email, from: at, to: at })).items).toEqual([mail])
    expect((await list.query({ email: user.email, to: new Date(at.getTime() - 1) })).items).toEqual([])
    const pages = await list.query({ limit: 1 })
    expect(pages.items).toHaveLength(1)
  })

  test('are shown without a link or code that works', async () => {
    const user = await app.aUser()
    await app.client().api.auth.forgotPassword.mutate({ email: user.email })
    const token = tokenIn(await aMailTo(user.email, /new password/))
    const { id } = await sent(user.email, 'reset-password')
    const mail = await api.mails.get.query({ id })
    expect(mail.preview?.text).toContain('/hidden-link')
    expect(mail.preview?.html).toContain('Set a new password')
    expect(JSON.stringify(mail)).not.toContain(token.slice(-20))
    expect(mail).toMatchObject({
      userId: user.id,
      notResendable: null,
      fact: expect.stringMatching(/^reset-password:/),
    })

    await app.client().api.auth.requestLoginCode.mutate({ email: user.email })
    const code = codeIn(await aMailTo(user.email, /login code/))
    const codeMail = await api.mails.get.query({ id: (await sent(user.email, 'login-code')).id })
    expect(codeMail.preview?.subject).toBe('•••••• is your login code')
    expect(JSON.stringify(codeMail)).not.toContain(code)
    expect(codeMail.notResendable).toBe('code')
    expect(await reasonOf(api.mails.resend.mutate({ id: codeMail.id }))).toBe('MAIL_NOT_RESENDABLE')
  })

  test('are sent again while their link works, and not after it was used', async () => {
    const user = await app.aUser()
    await app.client().api.auth.forgotPassword.mutate({ email: user.email })
    const { id } = await sent(user.email, 'reset-password')
    const again = await api.mails.resend.mutate({ id })
    expect(again.id).not.toBe(id)
    await until('the second mail', async () => (await mailsTo(user.email)).length === 2)
    expect(await auditOf(app, id)).toMatchObject([
      { action: 'mail.resend', target_type: 'mail', actor_id: admin.id, after: { mailId: again.id, to: user.email } },
    ])

    await app.stopWorker()
    const both = await Promise.all([1, 2].map(() => reasonOf(api.mails.resend.mutate({ id }))))
    expect(both.toSorted()).toEqual(['MAIL_NOT_RESENDABLE', 'fine'])
    await app.startWorker()

    const [, second] = await mailsTo(user.email)
    if (!second) throw new Error('There is no second mail.')
    await app.client().api.auth.resetPassword.mutate({ token: tokenIn(second), password: 'a new long password' })
    expect((await api.mails.get.query({ id })).notResendable).toBe('link-used')
    expect(await reasonOf(api.mails.resend.mutate({ id }))).toBe('MAIL_NOT_RESENDABLE')
  })

  test('are not sent again if what they say is over, or their address has no active account', async () => {
    const payer = await aPayingUser(app, 'pro')
    const { em } = app.scope()
    const [payment] = await em.execute<{ provider_invoice_id: string }[]>(
      'select provider_invoice_id from payments where account_id = ?',
      [payer.id],
    )
    const failedSample = MAIL_SAMPLES['payment-failed']
    if (failedSample?.template !== 'payment-failed') throw new Error('no sample')
    const scope = app.scope()
    await scope.em.transactional((em) =>
      queueMail(em, scope, {
        ...{ fact: `payment-failed:${payment?.provider_invoice_id}`, to: payer.email, userId: payer.id },
        ...failedSample,
      }),
    )
    const { id } = await sent(payer.email, 'payment-failed')
    expect((await api.mails.get.query({ id })).notResendable).toBe('fact-over')
    const started = await sent(payer.email, 'subscription-started')
    await em.execute(`update profiles set time_zone = 'Asia/Tokyo' where user_id = ?`, [payer.id])
    expect(await api.mails.get.query({ id: started.id })).toMatchObject({
      ...{ notResendable: null, preview: { text: expect.stringContaining('(GMT+9)') } },
    })

    await em.execute('update users set is_active = false where id = ?', [payer.id])
    expect((await api.mails.get.query({ id: started.id })).notResendable).toBe('address-gone')
    // As an older version has left it.
    await em.execute('update mails set props = null where id = ?', [started.id])
    expect(await api.mails.get.query({ id: started.id })).toMatchObject({
      ...{ preview: null, subject: null, notResendable: 'content-unknown' },
    })
  })

  test('that were dropped because their link was used are expired', async () => {
    const user = await app.aUser({ isVerified: false })
    const scope = app.scope()
    const props = { username: user.username, tokenId: newId() }
    await scope.em.transactional((em) =>
      queueMail(em, scope, {
        ...{ fact: `verify-email:${props.tokenId}`, to: user.email, userId: user.id },
        ...{ template: 'verify-email', props },
      }),
    )
    const expired = await until('the mail to be dropped', async () => {
      const { items } = await api.mails.list.query({ email: user.email, state: 'expired' })
      return items.length > 0 && items
    })
    expect(expired).toMatchObject([{ template: 'verify-email', state: 'expired', sentAt: null }])
  })

  test('that do not exist can be neither read nor sent', async () => {
    expect(await reasonOf(api.mails.get.query(UNKNOWN))).toBe('MAIL_NOT_FOUND')
    expect(await reasonOf(api.mails.resend.mutate(UNKNOWN))).toBe('MAIL_NOT_FOUND')
  })

  test('have a preview of every template', async () => {
    const templates = await api.mails.templates.query()
    const samples = templates.flatMap((each) => each.samples)
    expect(new Set(samples)).toEqual(new Set(Object.keys(MAIL_SAMPLES)))
    for (const sample of samples) {
      const preview = await api.mails.preview.query({ sample })
      expect(preview).toMatchObject({ sample, subject: expect.any(String), text: expect.stringContaining('-- \n') })
      expect(preview.html).toContain('</html>')
    }
    expect(await reasonOf(api.mails.preview.query({ sample: 'no-such-sample' }))).toBe('INVALID_INPUT')
  })
})

describe('findings', () => {
  const aFinding = async (kind: string) => {
    const id = newId()
    const owner = await app.aUser()
    await app.scope().em.execute(
      `insert into reconciliation_findings (id, found_at, kind, account_id, object_type, object_id, after)
       values (?, now(), ?, ?, 'subscription', ?, '{"rule": "second_trial"}')`,
      [id, kind, owner.id, `sub_${id}`],
    )
    return { id, owner, objectId: `sub_${id}` }
  }

  test('are listed with their account, by kind and object, and only the open ones', async () => {
    const open = await aFinding('against_rules')
    const done = await aFinding('corrected')
    const [found] = (await api.findings.list.query({ objectId: open.objectId })).items
    expect(found).toMatchObject({ id: open.id, isOpen: true, resolution: null, account: { id: open.owner.id } })
    const ids = async (input: object) => (await api.findings.list.query(input)).items.map(({ id }) => id)
    expect(await ids({ isOpen: true })).toContain(open.id)
    expect(await ids({ isOpen: true })).not.toContain(done.id)
    expect(await ids({ kind: 'corrected', accountId: done.owner.id })).toEqual([done.id])
  })

  test('are resolved once, with a note', async () => {
    const { id, objectId } = await aFinding('unknown_at_provider')
    const resolve = () => reasonOf(api.findings.resolve.mutate({ id, note: ' Ended at Stripe. ' }))
    expect((await Promise.all([resolve(), resolve()])).toSorted()).toEqual(['FINDING_NOT_FOUND', 'fine'])
    const [found] = (await api.findings.list.query({ objectId })).items
    expect(found).toMatchObject({ isOpen: false, resolution: { note: 'Ended at Stripe.', by: { email: admin.email } } })
    expect(await auditOf(app, id)).toMatchObject([{ action: 'finding.resolve', after: { note: 'Ended at Stripe.' } }])
  })

  test('that only say what was corrected can not be resolved', async () => {
    const { id } = await aFinding('corrected')
    expect(await reasonOf(api.findings.resolve.mutate({ id, note: 'x' }))).toBe('FINDING_NOT_FOUND')
  })
})

test('audit entries are found by the address of the actor, the type of target, and time', async () => {
  const user = await app.aUser()
  await api.users.update.mutate({ id: user.id, isActive: false })
  const [entry] = (await api.audit.list.query({ targetId: user.id })).items
  if (!entry) throw new Error('There is no entry.')
  const ids = async (input: object) => (await api.audit.list.query(input)).items.map(({ id }) => id)
  expect(await ids({ actorEmail: admin.email.toUpperCase(), targetType: entry.targetType })).toContain(entry.id)
  expect(await ids({ actorEmail: user.email })).toEqual([])
  expect(await ids({ targetType: 'plan', targetId: user.id })).toEqual([])
  expect(await ids({ targetId: user.id, from: entry.createdAt, to: entry.createdAt })).toEqual([entry.id])
  expect(await ids({ targetId: user.id, to: new Date(entry.createdAt.getTime() - 1) })).toEqual([])
})

describe('settings', () => {
  test('say what applies and where it came from, and show no part of a secret', async () => {
    const { settings, versions } = await api.settings.query()
    const named = (name: string) => settings.find((setting) => setting.name === name)
    expect(named('JWT_ALGORITHM')).toMatchObject({ value: 'HS256', origin: 'default', isSecret: false })
    expect(named('API_URL')).toMatchObject({ value: app.url, origin: 'set' })
    expect(named('METRICS_TOKEN')).toMatchObject({ value: null, origin: 'unset', isSecret: true })
    const shown = JSON.stringify(settings.map(({ value }) => value))
    const { config } = app.deps
    const secrets = [
      ...[...config.ACCESS_TOKEN_SECRET, ...config.REFRESH_TOKEN_SECRET, ...config.VALIDATION_TOKEN_SECRET],
      ...[config.STRIPE_SECRET_KEY, ...config.STRIPE_WEBHOOK_SECRET],
    ]
    for (const secret of secrets)
      for (const part of [secret.slice(0, 8), secret.slice(-4)]) expect(shown).not.toContain(part)
    expect(new Set(settings.filter(({ isSecret }) => isSecret).map(({ value }) => value))).toEqual(
      new Set(['••••••••', null]),
    )
    expect(named('DATABASE_URL')?.value).toMatch(/^postgres:\/\/127\.0\.0\.1:\d+\/tollgate_test_\w+$/)
    expect(versions).toMatchObject({
      ...{ node: process.versions.node, postgresql: expect.stringMatching(/^\d+\.\d+/) },
      ...{ migration: expect.stringMatching(/^00\d\d-/), stripeApi: expect.stringMatching(/^20\d\d-/) },
    })
  })

  test('name the processes that run', async () => {
    const { processes } = await api.settings.query()
    expect(processes).toContainEqual(
      expect.objectContaining({ kind: 'work', pid: process.pid, state: 'alive', seenAt: expect.any(Date) }),
    )
  })

  test('are checked as `doctor` does, once for all who ask at the same time', async () => {
    const [one, two] = await Promise.all([api.doctor.query(), api.doctor.query()])
    expect(two).toEqual(one)
    expect(new Set(one.findings.map(({ about }) => about))).toEqual(
      new Set(['settings', 'database', 'config', 'job queue', 'Stripe', 'Paymob', 'mail', 'events', 'webhooks']),
    )
    expect(one.findings.filter(({ state }) => state === 'wrong')).toEqual([])
    expect((await api.doctor.query()).checkedAt).toEqual(one.checkedAt)
  }, 20_000)
})

describe('a mail that the server refuses for good', () => {
  let server: TestMailServer
  let other: TestApp
  beforeAll(async () => {
    server = await createTestMailServer()
    other = await createTestApp({ SMTP_URL: server.smtpUrl })
  })
  afterAll(async () => {
    await other[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  test('is listed as failed with the reason, and is sent once when an admin asks for it', async () => {
    const { admin } = (await anAdmin(other)).api
    server.trouble = { at: 'rcpt', answer: { code: 550, text: '5.1.1 No such mailbox' } }
    const user = await other.aUser()
    await other.client().api.auth.forgotPassword.mutate({ email: user.email })
    const [failed] = await until('the mail to fail', async () => {
      const { items } = await admin.mails.list.query({ state: 'failed' })
      return items.length > 0 && items
    })
    expect(failed).toMatchObject({ state: 'failed', lastError: expect.stringContaining('5.1.1 No such mailbox') })
    server.trouble = undefined
    await admin.mails.resend.mutate({ id: failed?.id ?? '' })
    await until('the mail to arrive', async () => server.taken.length === 1)
    expect((await admin.jobs.failed.query({})).items).toEqual([])
    expect((await admin.mails.list.query({ state: 'failed' })).items).toEqual([])
  })
})
