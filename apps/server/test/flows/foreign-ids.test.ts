import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { mergedInput } from '../../src/rest/bind-operation.ts'
import { createAppRouter } from '../../src/router.ts'
import { queues } from '../../src/worker.ts'
import { until } from '../inbox.ts'
import { addMember, anOrganization } from '../organizations.ts'
import { payOnPage } from '../pay.ts'
import { eventsDone } from '../progress.ts'
import { aPayingUser, type PayingUser } from '../purchases.ts'
import { createTestApp, type TestApp, type TestUser } from '../test-app.ts'

/** A field that names something which belongs to somebody. */
const NAMES_SOMETHING = /^id$|Id$|^token$/

/** A valid value for each other field, so that a call is refused for nothing but the ids. */
const VALID: Readonly<Record<string, unknown>> = {
  ...{ planCode: 'vip', limit: 10, cursor: undefined, prorationDate: undefined, role: 'member', name: 'Renamed' },
  ...{ email: 'somebody.new@example.com', username: 'somebody-new', password: 'correct horse battery' },
  ...{ oldPassword: 'correct horse battery', newPassword: 'correct horse staple', code: '123456' },
  ...{ firstName: 'Ada', lastName: 'Lovelace', avatarUrl: undefined, provider: 'google', returnTo: undefined },
  ...{ priceCents: 100, currency: 'usd', billingPeriod: 'monthly', tier: 'pro', trialDays: 0, seats: undefined },
  ...{ status: undefined, search: undefined, isAdmin: undefined, isActive: undefined, isVerified: undefined },
  ...{ until: new Date('2040-01-01'), at: 'now', amountCents: undefined, type: undefined, action: undefined },
  ...{ queue: 'send-mail', reason: 'why' },
  ...{ createdFrom: undefined, createdTo: undefined, identity: undefined, hasSubscription: undefined },
  ...{ description: undefined, sortOrder: undefined, highlighted: undefined, unitPriceCents: undefined },
  ...{ actorEmail: undefined, objectType: undefined, targetType: undefined, note: 'why', isOpen: undefined },
  ...{ from: undefined, to: undefined, disputed: undefined, refunded: undefined, minAmountCents: undefined },
  ...{ accessReason: undefined, endsBefore: undefined, interval: undefined, order: undefined },
  ...{ trialEndsFrom: undefined, trialEndsTo: undefined, toPlanCode: 'vip', startedBefore: undefined },
  ...{ countsInMrr: undefined, counted: undefined, refundedCents: undefined, priceRef: 'unknown' },
  ...{ invoice: undefined, sentLast24h: undefined, timeZone: 'Europe/Berlin' },
  ...{
    prices: undefined,
    features: undefined,
    feature: 'sso',
    value: true,
    promotionCode: undefined,
    revision: undefined,
  },
  ...{
    address: undefined,
    taxIds: undefined,
    addsCard: undefined,
    paysOverdue: undefined,
    toBillingPeriod: undefined,
    toCurrency: undefined,
  },
  ...{ redirectTo: undefined, state: undefined, template: undefined, grace: undefined },
  ...{ publicData: {}, privateData: undefined, url: 'https://example.com/hooks', types: undefined, since: undefined },
  ...{ isPastDue: undefined, kind: undefined, minMembers: undefined, isClosed: undefined, kinds: undefined },
}

interface Procedure {
  path: string
  type: 'query' | 'mutation'
  right: string | undefined
  isAdmin: boolean
  fields: string[]
}

let app: TestApp
let owner: PayingUser
let accountId: string
/** Ids of everything that belongs to the owner and the organization. */
let foreign: string[]
let procedures: Procedure[]

beforeAll(async () => {
  app = await createTestApp()
  owner = await aPayingUser(app, 'pro')
  const { api } = await app.as(owner)
  accountId = (await anOrganization(app, { ...owner, api })).id
  await api.accounts.invitations.create.mutate({ accountId, email: 'somebody@example.com', role: 'member' })
  const { subscriptions } = api.billing
  const { checkoutUrl } = await subscriptions.subscribe.mutate({ accountId, planCode: 'pro' })
  await payOnPage(checkoutUrl)
  await until('access', async () => (await subscriptions.current.query({ accountId }))?.hasAccess)
  await eventsDone(app)
  foreign = await idsOf(owner, accountId)
  procedures = readProcedures()
}, 60_000)
afterAll(() => app[Symbol.asyncDispose]())

test('an organization has a subscription of its own, beside that of its owner', async () => {
  const { billing } = (await app.as(owner)).api
  const [own, its] = [
    await billing.subscriptions.current.query(),
    await billing.subscriptions.current.query({ accountId }),
  ]
  expect(own).toMatchObject({ accountId: owner.id, hasAccess: true })
  expect(its).toMatchObject({ accountId, hasAccess: true })
  expect((await billing.payments.list.query({ accountId })).items).toMatchObject([{ accountId, status: 'succeeded' }])
  expect((await billing.payments.list.query({})).items).toMatchObject([{ accountId: owner.id }])
})

describe('no call with the ids of somebody else', () => {
  let stranger: TestUser
  let call: Call
  let before: unknown
  beforeAll(async () => {
    stranger = await app.aUser()
    call = await callsOf(stranger)
    before = await rowsOf(owner, accountId)
  })

  test('is accepted, changes anything, or shows anything', async () => {
    const walked = procedures.filter(({ fields }) => fields.some((field) => NAMES_SOMETHING.test(field)))
    const accepted: string[] = []
    const untested: string[] = []
    for (const procedure of walked) {
      const reasons = new Set<string>()
      for (const id of foreign) {
        const reason = await call(procedure, inputWith(procedure, id))
        reasons.add(reason)
        if (reason === 'fine') accepted.push(`${procedure.path} with ${id}`)
      }
      // Refused as malformed each time, so the check of the owner was never reached.
      if (reasons.size === 1 && reasons.has('INVALID_INPUT')) untested.push(procedure.path)
    }
    expect(accepted).toEqual([])
    // A pay link is for everybody who has its token, and no id looks like one.
    expect(untested).toEqual(['billing.payLink'])
    expect(await rowsOf(owner, accountId)).toEqual(before)
    expect(walked.filter(({ fields }) => fields.includes('accountId')).length).toBeGreaterThanOrEqual(11)
  }, 60_000)

  test('about an account tells whether the account exists', async () => {
    const about = procedures.filter(({ fields, isAdmin }) => fields.includes('accountId') && !isAdmin)
    for (const procedure of about) {
      const answers = [accountId, owner.id, '0198c5f2-70aa-7b10-8c55-1d2e3f405162'].map((id) =>
        call(procedure, inputWith(procedure, id)),
      )
      expect([procedure.path, ...new Set(await Promise.all(answers))]).toEqual([procedure.path, 'ACCOUNT_NOT_FOUND'])
    }
  }, 60_000)
})

test('a member whose role does not suffice gets ROLE_REQUIRED from every call that needs more', async () => {
  const member = await app.aUser()
  await addMember(app, accountId, member, 'member')
  const call = await callsOf(member)
  const before = await rowsOf(owner, accountId)
  const about = procedures.filter(
    ({ right, fields }) => right !== undefined && right !== 'see' && fields.includes('accountId'),
  )
  for (const procedure of about)
    expect([procedure.path, await call(procedure, inputWith(procedure, accountId))]).toEqual([
      procedure.path,
      'ROLE_REQUIRED',
    ])
  expect(about.length).toBeGreaterThanOrEqual(9)
  expect(await rowsOf(owner, accountId)).toEqual(before)
  await app.scope().em.execute('delete from members where user_id = ? and account_id = ?', [member.id, accountId])
  const see = procedures.filter(({ right }) => right === 'see')
  for (const procedure of see) expect(await call(procedure, inputWith(procedure, accountId))).toBe('ACCOUNT_NOT_FOUND')
}, 60_000)

type Call = (procedure: Procedure, input: Record<string, unknown>) => Promise<string>

/** Calls procedures as a user. @returns the reason of the refusal, or `fine`. */
async function callsOf(user: TestUser): Promise<Call> {
  const { session } = await app.as(user)
  const authorization = `Bearer ${session.current?.accessToken}`
  return async ({ path, type }, input) => {
    const { json, meta } = wire(input)
    const text = JSON.stringify({ json, ...(meta && { meta }) })
    const query = type === 'query' ? `?input=${encodeURIComponent(text)}` : ''
    const response = await fetch(`${app.url}/trpc/${path}${query}`, {
      ...(type === 'mutation' && { method: 'POST', body: text }),
      headers: { 'content-type': 'application/json', authorization },
    })
    const body = Answer.parse(await response.json())
    return body.error?.json.data.reason ?? 'fine'
  }
}

const Answer = z.object({ error: z.object({ json: z.object({ data: z.object({ reason: z.string() }) }) }).optional() })

/** Dates need superjson's note. */
function wire(input: Record<string, unknown>) {
  const dates = Object.entries(input).filter(([, value]) => value instanceof Date)
  const meta = dates.length > 0 ? { values: Object.fromEntries(dates.map(([name]) => [name, ['Date']])) } : undefined
  return { json: input, meta }
}

/** An input that names the same thing in every field that can name something, and is valid otherwise. */
function inputWith({ path, fields }: Procedure, id: string): Record<string, unknown> {
  const given = fields.map((field): [string, unknown] => {
    if (NAMES_SOMETHING.test(field)) return [field, id]
    if (!(field in VALID)) throw new Error(`${path} has a new field ${field}: add a valid value for it to this test.`)
    return [field, VALID[field]]
  })
  return Object.fromEntries(given.filter(([, value]) => value !== undefined))
}

const Definition = z.object({
  type: z.enum(['query', 'mutation']),
  meta: z.object({ right: z.string().optional(), guard: z.string().optional() }).optional(),
  inputs: z.array(z.instanceof(z.ZodType)),
})

/** Every procedure of the API, so that new ones are tried, too. */
function readProcedures(): Procedure[] {
  const api = createAppRouter({ ...app.deps, queues })
  return Object.entries(Object(api._def.procedures) as Record<string, { _def: unknown }>).map(([path, { _def }]) => {
    const { type, meta, inputs } = Definition.parse(_def)
    return {
      path,
      type,
      right: meta?.right,
      isAdmin: meta?.guard === 'admin',
      fields: Object.keys(mergedInput(inputs)?.shape ?? {}),
    }
  })
}

const TABLES = ['accounts', 'members', 'invitations', 'customers', 'checkouts', 'subscriptions', 'payments', 'sessions']
const OWNERS: Readonly<Record<string, string>> = {
  accounts: 'id',
  checkouts: '(select account_id from customers where customers.id = customer_id)',
  sessions: 'user_id',
}

/** All rows that belong to an owner and an organization. */
async function rowsOf({ id }: TestUser, organization: string): Promise<Record<string, unknown>> {
  const { em } = app.scope()
  const users = await em.execute('select * from users where id = ?', [id])
  const rows: Record<string, unknown> = { users }
  for (const table of TABLES)
    rows[table] = await em.execute(
      `select to_jsonb(mine) as row from ${table} mine where ${OWNERS[table] ?? 'account_id'} in (?, ?) order by 1`,
      [id, organization],
    )
  return rows
}

async function idsOf(user: PayingUser, organization: string): Promise<string[]> {
  const { em } = app.scope()
  const tables = ['invitations', 'subscriptions', 'payments', 'customers']
  const rows = await em.execute<{ id: string }[]>(
    `${tables.map((table) => `select id from ${table} where account_id = ?`).join(' union ')}
     union select id from sessions where user_id = ?`,
    [...tables.map(() => organization), user.id],
  )
  const ids = [organization, user.id, user.sessionId, ...rows.map(({ id }) => id)]
  if (rows.length < tables.length + 1) throw new Error('Something has no id to try.')
  return ids
}
