import { strict as assert } from 'node:assert'
import { createTollgateClient, isTollgateError, type TollgateClient } from '@tollgate/client'
import { currentOnce, money, type Step } from './demo-steps.ts'
import type { Endpoints } from './endpoints.ts'
import { payOnPage } from './hosted-page.ts'
import { aMailTo, tokenIn } from './received-mail.ts'

const NAME = 'Analytical Engines'
const PASSWORD = 'correct horse battery staple'

type Person = typeof grace | typeof linus
const grace = { email: 'grace@example.com', username: 'grace', role: 'billing' } as const
const linus = { email: 'linus@example.com', username: 'linus', role: 'member' } as const

/** What the team's plan costs, and how many members that covers. */
const PLAN = {
  code: 'team',
  name: 'Team',
  priceCents: 2_000,
  billingPeriod: 'monthly',
  tier: 'pro',
  seats: { included: 2, perSeatCents: 500, max: null },
} as const

/** A team of three: its owner buys a plan and invites two people; each sees what their role allows. */
export async function teamSteps(
  { api }: TollgateClient,
  admin: TollgateClient,
  endpoints: Readonly<Endpoints>,
  step: Step,
): Promise<void> {
  await step('Offer a team plan', async () => {
    const { name, priceCents, currency } = await admin.api.billing.plans.create.mutate(PLAN)
    const [price, seat] = [money(priceCents, currency), money(PLAN.seats.perSeatCents, currency)]
    return `${name} for ${price} with ${PLAN.seats.included} members, ${seat} for each further one`
  })
  const { id: accountId } = await step(
    'Create a team',
    () => api.accounts.create.mutate({ name: NAME }),
    ({ id, name, role }) => `organization ${id}, "${name}"; Ada is its ${role}`,
  )
  await step('Buy the team plan', async () => {
    const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ accountId, planCode: PLAN.code })
    await payOnPage(checkoutUrl)
    const { plan } = await currentOnce(api, ({ hasAccess }) => hasAccess, { accountId })
    assert.equal(await api.billing.subscriptions.current.query(), null)
    return `the team has ${plan.name}; Ada's personal account still has no plan`
  })
  const invite = async ({ email, role }: Person) => {
    const { price } = await api.accounts.invitations.create.mutate({ accountId, email, role })
    return price
  }
  await step('Invite Grace', async () => {
    assert.equal(await invite(grace), null)
    return `${grace.email} as ${grace.role}; the price of the plan covers two members`
  })
  const billing = await step('Grace accepts', () => join(endpoints, grace), seenBy)
  await step('Invite Linus', async () => {
    const price = (await invite(linus)) ?? assert.fail()
    return `${linus.email} as ${linus.role}; the next payment becomes ${money(price.nextPaymentCents, price.currency)}`
  })
  const member = await step('Linus accepts', () => join(endpoints, linus), seenBy)
  await step('Pay for three', async () => {
    const { quantity, priceCents, currency } = await currentOnce(api, (seen) => seen.quantity === 3, { accountId })
    assert.equal(priceCents, PLAN.priceCents + PLAN.seats.perSeatCents)
    return `${quantity} members, ${money(priceCents, currency)} a month`
  })
  await step('Grace sees payments', async () => {
    const { items } = await billing.api.billing.payments.list.query({ accountId })
    const [payment] = items
    assert.equal(items.length, 1)
    assert.equal(payment?.accountId, accountId)
    return `${money(payment.amountCents, payment.currency)} ${payment.status}`
  })
  await step('Linus sees the plan', async () => {
    const { tier } = await member.api.billing.entitlement.query({ accountId })
    const refused = await refusal(member.api.billing.payments.list.query({ accountId }))
    assert.equal(refused, 'ROLE_REQUIRED')
    return `tier ${tier}; payments are refused: ${refused}`
  })
  await step('Remove Linus', async () => {
    const { items } = await api.accounts.members.list.query({ accountId })
    const { user } = items.find(({ role }) => role === linus.role) ?? assert.fail()
    await api.accounts.members.remove.mutate({ accountId, userId: user.id })
    const refused = await refusal(member.api.billing.entitlement.query({ accountId }))
    assert.equal(refused, 'ACCOUNT_NOT_FOUND')
    const { subject } = await aMailTo(endpoints.mail, linus.email, /no longer a member/)
    await currentOnce(api, ({ quantity }) => quantity === 2, { accountId })
    return `the next call is refused: ${refused}; email "${subject}"; two members are paid`
  })
  await step('Delete the team', async () => {
    await api.accounts.delete.mutate({ accountId })
    assert.deepEqual(
      (await billing.api.accounts.list.query()).map(({ kind }) => kind),
      ['personal'],
    )
    return 'its subscription ends with the paid period'
  })
}

const seenBy = ({ account }: Joined) => `signed up, logged in, and is ${account.role} of "${account.name}"`

type Joined = Awaited<ReturnType<typeof join>>

/** Signs up and accepts the invitation from the mail, as a new user does. The token verifies the address, too. */
async function join({ api: url, mail }: Readonly<Endpoints>, { email, username }: Person) {
  const { api } = createTollgateClient({ url, cookies: 'memory' })
  const token = tokenIn(await aMailTo(mail, email, /^Invitation to join/))
  const invitation = await api.accounts.invitations.get.query({ token })
  assert.equal(invitation.accountName, NAME)
  assert.equal(invitation.email, email)
  await api.auth.register.mutate({ email, username, password: PASSWORD })
  await api.auth.login.mutate({ email, password: PASSWORD })
  const account = await api.accounts.invitations.accept.mutate({ token })
  assert.equal((await api.auth.me.query()).isVerified, true)
  return { api, account }
}

async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (isTollgateError(error)) return error.data.reason
    throw error
  }
  throw new Error('The call was not refused.')
}
