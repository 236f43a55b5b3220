import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo } from '../../../test/inbox.ts'
import { aMember, anOrganization, type TestMember, type TestOrganization } from '../../../test/organizations.ts'
import { payOnPage } from '../../../test/pay.ts'
import { eventsDone, jobsDone } from '../../../test/progress.ts'
import { stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { EmailChanged } from '../../auth/index.ts'

describe('the billing of an organization', () => {
  let app: TestApp
  let people: Record<'owner' | 'admin' | 'billing' | 'member', TestMember>
  let organization: TestOrganization
  beforeAll(async () => {
    app = await createTestApp()
    const [owner, admin, billing, member] = await Promise.all([aMember(app), aMember(app), aMember(app), aMember(app)])
    people = { owner, admin, billing, member }
    organization = await anOrganization(app, owner, [
      [admin, 'admin'],
      [billing, 'billing'],
      [member, 'member'],
    ])
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const customerAtStripe = async () => {
    const [row] = await app
      .scope()
      .em.execute<{ id: string }[]>('select provider_customer_id as id from customers where account_id = ?', [
        organization.id,
      ])
    return stripeClient(app).customers.retrieve(row?.id ?? '')
  }
  const subjectsTo = async ({ email }: TestMember) => (await mailsTo(email)).map(({ subject }) => subject)

  test('has its own customer at Stripe, also if a billing member buys', async () => {
    const { subscriptions } = people.billing.api.billing
    const accountId = organization.id
    const { checkoutUrl, sessionId } = await subscriptions.subscribe.mutate({ accountId, planCode: 'pro' })
    await payOnPage(checkoutUrl)
    expect(await subscriptions.sync.mutate({ accountId, sessionId })).toMatchObject({ accountId, hasAccess: true })
    await eventsDone(app)
    expect(await customerAtStripe()).toMatchObject({
      ...{ name: organization.name, email: people.owner.email },
      metadata: { account_id: accountId },
    })
    expect(await people.member.api.billing.entitlement.query({ accountId })).toMatchObject({ planCode: 'pro' })
    for (const person of Object.values(people))
      expect(await person.api.billing.subscriptions.current.query()).toBeNull()
  })

  test('is mailed once to each owner and billing member, with its name and a link to it', async () => {
    for (const person of [people.owner, people.billing]) {
      const { text } = await aMailTo(person.email, /has started/)
      expect(text).toContain(`Pro (${organization.name})`)
      expect(text).toContain(`/subscription?account=${organization.id}`)
    }
    await jobsDone(app, 'send-mail')
    for (const person of [people.admin, people.member]) expect(await subjectsTo(person)).toEqual([])
    for (const person of [people.owner, people.billing]) expect(await subjectsTo(person)).toHaveLength(1)
  })

  test('has the address of its owner at Stripe, also after it has changed', async () => {
    const email = `new-${people.owner.email}`
    await app.scope().em.execute('update users set email = ? where id = ?', [email, people.owner.id])
    await app.scope().em.transactional(async (em) => {
      await app.deps.jobs.send(em, EmailChanged, { userId: people.owner.id })
    })
    await jobsDone(app, 'email-changed')
    expect(await customerAtStripe()).toMatchObject({ email })
    people.owner = { ...people.owner, email }
  })

  test('has the address of the next owner at Stripe when the first one leaves', async () => {
    const { owner, admin } = people
    const about = { accountId: organization.id, userId: admin.id }
    await owner.api.accounts.members.setRole.mutate({ ...about, role: 'owner' })
    await jobsDone(app, 'owners-changed')
    expect(await customerAtStripe()).toMatchObject({ email: owner.email })
    await owner.api.accounts.leave.mutate(about)
    await jobsDone(app, 'owners-changed')
    expect(await customerAtStripe()).toMatchObject({ email: admin.email })
    people = { ...people, owner: admin, admin: await aMember(app) }
  })

  test('can be a grant, which names the account; a user id means a personal account only', async () => {
    const admin = await aMember(app, { isAdmin: true })
    const { id: accountId } = await anOrganization(app, people.owner)
    const { subscriptions } = admin.api.admin
    const terms = { planCode: 'vip', until: new Date('2040-01-01') }
    await expect(subscriptions.grant.mutate({ ...terms, userId: accountId })).rejects.toMatchObject({
      data: { reason: 'USER_NOT_FOUND' },
    })
    expect(await subscriptions.grant.mutate({ ...terms, accountId })).toMatchObject({ accountId, provider: 'manual' })
    const { items } = await subscriptions.list.query({ accountId })
    expect(items).toMatchObject([
      { account: { id: accountId, kind: 'organization' }, user: { email: people.owner.email } },
    ])
  })

  test('ends with the paid period when it is deleted, and no member reaches it any more', async () => {
    const accountId = organization.id
    await people.owner.api.accounts.update.mutate({ accountId, name: 'evil.example' })
    await people.owner.api.accounts.delete.mutate({ accountId })
    await jobsDone(app, 'organization-closed')
    const customer = await customerAtStripe()
    const [subscription] = (await stripeClient(app).subscriptions.list({ customer: customer.id })).data
    expect(subscription?.cancel_at_period_end).toBe(true)
    for (const { api } of Object.values(people))
      await expect(api.billing.subscriptions.current.query({ accountId })).rejects.toMatchObject({
        data: { reason: 'ACCOUNT_NOT_FOUND' },
      })
    // A name is a stranger's words, so it is no link in a mail.
    const { subject, html, text } = await aMailTo(people.owner.email, /will end/)
    expect(`${subject}${html}${text}`).not.toContain('evil.example')
  })
})
