import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startStripeSandbox } from '@tollgate/stripe-sandbox'
import { expect, test } from 'vitest'
import { createStripeGateway } from './gateway.ts'

const event = (id: string, type: string, object: object) => ({
  ...{ id, object: 'event', api_version: '2026-10-28.endive', created: 1_800_000_000, livemode: false },
  ...{ type, data: { object }, pending_webhooks: 1, request: null },
})

/** A server that gives this answer to every request, behind the gateway. */
async function answering(server: Server, status: number, answer: object) {
  server.on('request', (_req, res: ServerResponse) => {
    res.writeHead(status, { 'content-type': 'application/json' })
    res.end(JSON.stringify(answer))
  })
  return reaching(server)
}

async function reaching(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return createStripeGateway({
    ...{ secretKey: 'sk_test_123', webhookSecrets: ['whsec_1'] },
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
}

const EVERYTHING = { types: ['customer.deleted', 'invoice.upcoming'], since: new Date(0), until: null }

test('listChanges reads to the end, also events whose object has no id', async () => {
  await using server = createServer()
  const data = [
    event('evt_1', 'balance.available', { object: 'balance' }),
    event('evt_2', 'invoice.upcoming', { object: 'invoice', customer: 'cus_1' }),
    event('evt_3', 'customer.deleted', { object: 'customer', id: 'cus_1' }),
  ]
  const gateway = await answering(server, 200, { object: 'list', url: '/v1/events', has_more: false, data })

  const listed: [string, string | undefined][] = []
  for await (const { id, subject } of gateway.listChanges(EVERYTHING)) listed.push([id, subject?.id])
  expect(listed).toEqual([
    ['evt_1', undefined],
    ['evt_2', undefined],
    ['evt_3', 'cus_1'],
  ])
})

test('listChanges lists every event once: of many types, of one second, over many pages, between two moments', async () => {
  await using sandbox = await startStripeSandbox({ webhookEndpoints: [] })
  const { secretKey, url } = sandbox
  const gateway = createStripeGateway({ secretKey, webhookSecrets: ['whsec_1'], apiUrl: url })
  const types = Array.from({ length: 25 }, (_, n) => `test.type_${n}`)
  const emit = async (type: string) => {
    const body = JSON.stringify({ type, object: { id: 'cus_1', object: 'customer' } })
    await fetch(`${url}/_/events`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  }
  for (let n = 0; n < 450; n++) await emit(types[n % 2 === 0 ? 0 : n % 25] ?? '')
  await emit('test.type_99')
  const list = async (range: { since: Date; until: Date | null }) => {
    const listed: string[] = []
    for await (const { id } of gateway.listChanges({ types, ...range })) listed.push(id)
    return listed
  }

  const all = await list({ since: new Date(0), until: null })
  expect([all.length, new Set(all).size]).toEqual([450, 450])
  const moment = new Date(sandbox.now().getTime() + 500)
  const [before, since] = [
    await list({ since: new Date(0), until: moment }),
    await list({ since: moment, until: null }),
  ]
  expect([...before, ...since].toSorted()).toEqual(all.toSorted())
})

test('expireCheckout does nothing for a checkout page that Stripe does not know', async () => {
  await using sandbox = await startStripeSandbox({ webhookEndpoints: [] })
  const { secretKey, url } = sandbox
  const gateway = createStripeGateway({ secretKey, webhookSecrets: ['whsec_1'], apiUrl: url })
  await expect(gateway.withTimeBudget(1_000).expireCheckout('cs_test_of_another_account')).resolves.toBeUndefined()
})

test('all calls within a time budget share one deadline, which a second budget can not extend', async () => {
  let calls = 0
  await using server = createServer(() => void (calls += 1)) // never answers
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const provider = createStripeGateway({
    ...{ secretKey: 'sk_test_123', webhookSecrets: ['whsec_1'] },
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  }).withTimeBudget(300)

  const failure = { reason: 'PAYMENT_PROVIDER_ERROR' }
  await expect(provider.fetchSubscription('sub_1')).rejects.toMatchObject(failure)
  await expect(provider.fetchSubscription('sub_1')).rejects.toMatchObject(failure)
  await expect(provider.withTimeBudget(60_000).fetchSubscription('sub_1')).rejects.toMatchObject(failure)
  expect(calls).toBe(1) // the deadline has passed before the others
  server.closeAllConnections()
})

test.each([
  ['was', 200, { data: [charge(null), charge('1234-5678')] }, true],
  ['was not', 200, { data: [charge(null)] }, false],
  [
    'may have been, as far as the key may read,',
    403,
    { error: { type: 'invalid_request_error', message: 'No.' } },
    null,
  ],
])(
  'sendsReceipts says that a receipt %s emailed for one of the latest payments',
  async (_what, status, answer, sends) => {
    await using server = createServer()
    const gateway = await answering(server, status, { object: 'list', url: '/v1/charges', has_more: false, ...answer })
    expect(await gateway.withTimeBudget(5_000).sendsReceipts()).toBe(sends)
  },
)

function charge(receipt_number: string | null) {
  return { id: 'ch_1', object: 'charge', receipt_number }
}

test.each([
  ['all lines', 200, 2],
  ['the first lines, if Stripe does not list the others', 400, 1],
])('the preview of a long invoice has %s', async (_what, status, count) => {
  const line = { amount: 5, quantity: 1, metadata: {}, pricing: { price_details: { price: 'price_1' } } }
  const lines = (data: object[], has_more: boolean) => ({ object: 'list', url: '/v1/lines', data, has_more })
  const preview = {
    ...{ id: 'upcoming_in_1', object: 'invoice', amount_due: 10, currency: 'usd', period_end: 1_800_000_000 },
    lines: lines([{ id: 'il_1', ...line }], true),
  }
  const listed = lines(
    [1, 2].map((n) => ({ id: `il_${n}`, ...line })),
    false,
  )
  const refusal = { error: { type: 'invalid_request_error', message: 'No such invoice.' } }
  await using server = createServer((req, res) => {
    const isPreview = req.method === 'POST'
    res.writeHead(isPreview ? 200 : status, { 'content-type': 'application/json' })
    res.end(JSON.stringify(isPreview ? preview : status === 200 ? listed : refusal))
  })
  const gateway = await reaching(server)
  const next = await gateway.withTimeBudget(10_000).previewNextInvoice('sub_1')
  expect(next).toMatchObject({ amountCents: 10, usage: { length: count } })
})
