/**
 * Programs that use a generated client: one person signs up, and a paying one logs in and looks at their plan. They are
 * compiled with the strictest settings, and print what they saw as JSON.
 */
const PREAMBLE = `
const [url = '', email = '', password = '', fresh = ''] = process.argv.slice(2)
let token = ''
`

/** With the types of openapi-typescript. */
export const OPENAPI_FETCH = `
import createClient from 'openapi-fetch'
import type { components, paths } from './schema.js'
${PREAMBLE}
const api = createClient<paths>({ baseUrl: url })
api.use({
  onRequest({ request }) {
    if (token) request.headers.set('authorization', 'Bearer ' + token)
    return request
  },
})

const signedUp = await api.POST('/register', { body: { email: fresh, username: 'fetcher', password } })
const refused = await api.POST('/login', { body: { email, password: 'wrong horse battery' } })
const loggedIn = await api.POST('/login', { body: { email, password } })
token = loggedIn.data?.accessToken ?? ''
const preview = await api.GET('/billing/subscriptions/preview-change', { params: { query: { planCode: 'vip' } } })
const same = await api.GET('/billing/subscriptions/preview-change', { params: { query: { planCode: 'pro' } } })
const entitlements = await api.GET('/billing/entitlements')
const payments = await api.GET('/billing/payments/me', { params: { query: { limit: 5 } } })
const items: components['schemas']['Payment'][] = payments.data?.items ?? []
const revoked = await api.POST('/sessions/revoke-others')

const due: number = preview.data?.dueNowCents ?? 0
// @ts-expect-error no answer has such a field
void preview.data?.dueNow
// @ts-expect-error this operation never has this reason
if (same.error?.error.reason === 'LAST_OWNER') process.exitCode = 1
// @ts-expect-error the plan is missing
void (() => api.GET('/billing/subscriptions/preview-change', { params: { query: {} } }))

console.log(JSON.stringify({
  signedUp: signedUp.data?.user.isVerified,
  refused: refused.error?.error.reason,
  due: due > 0,
  same: same.error?.error.reason === 'SAME_PLAN' ? same.error.error.code : 'none',
  tier: entitlements.data?.tier,
  payments: items.map(({ amountCents, status }) => [amountCents, status]),
  revoked: typeof revoked.data?.revoked,
}))
`

/** With the functions of @hey-api/openapi-ts. */
export const HEY_API = `
import { client } from './hey/client.gen.js'
import {
  authLogin,
  authRegister,
  billingEntitlements,
  billingPaymentsList,
  billingSubscriptionsPreviewChange,
  sessionsRevokeOthers,
} from './hey/index.js'
import type { Payment } from './hey/index.js'
${PREAMBLE}
client.setConfig({ baseUrl: url, auth: () => token })

const signedUp = await authRegister({ body: { email: fresh, username: 'hey', password } })
const refused = await authLogin({ body: { email, password: 'wrong horse battery' } })
const loggedIn = await authLogin({ body: { email, password } })
token = loggedIn.data?.accessToken ?? ''
const preview = await billingSubscriptionsPreviewChange({ query: { planCode: 'vip' } })
const same = await billingSubscriptionsPreviewChange({ query: { planCode: 'pro' } })
const entitlements = await billingEntitlements()
const payments = await billingPaymentsList({ query: { limit: 5 } })
const items: Payment[] = payments.data?.items ?? []
const revoked = await sessionsRevokeOthers()

const due: number = preview.data?.dueNowCents ?? 0
// @ts-expect-error no answer has such a field
void preview.data?.dueNow
// @ts-expect-error this operation never has this reason
if (same.error?.error.reason === 'LAST_OWNER') process.exitCode = 1
// @ts-expect-error the plan is missing
void (() => billingSubscriptionsPreviewChange({ query: {} }))

console.log(JSON.stringify({
  signedUp: signedUp.data?.user.isVerified,
  refused: refused.error?.error.reason,
  due: due > 0,
  same: same.error?.error.reason === 'SAME_PLAN' ? same.error.error.code : 'none',
  tier: entitlements.data?.tier,
  payments: items.map(({ amountCents, status }) => [amountCents, status]),
  revoked: typeof revoked.data?.revoked,
}))
`
