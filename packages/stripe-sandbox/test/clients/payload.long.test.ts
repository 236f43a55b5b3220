import { randomUUID } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { PATIENCE_MS, TestSandbox } from '../test-sandbox.ts'
import { ClientFolder, serveHandler } from './client-folder.ts'

interface Document {
  id: string
  name?: string
  email?: string
  stripeID?: string
}
type Hook = (args: object) => Promise<Document>
interface Config {
  collections: { slug: string; hooks?: Record<'beforeValidate' | 'beforeChange' | 'afterDelete', Hook[]> }[]
  endpoints: { path: string; handler(request: object): Promise<Response> }[]
}
interface Plugin {
  stripePlugin(options: object): (config: object) => Config
  stripeProxy(call: object): Promise<{ status: number; data?: unknown; message?: string }>
}

const SECRET = 'whsec_payload'
const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync(), 300_000)

let it: TestSandbox
let plugin: Plugin
let hooks: NonNullable<Config['collections'][0]['hooks']>
/** Payload's documents. Its own database is not part of this. */
const documents: Document[] = []
const payload = {
  logger: { info: () => undefined, error: console.error },
  find: ({ where }: { where: { stripeID?: { equals: string } } }) =>
    Promise.resolve({ docs: documents.filter((each) => each.stripeID === where.stripeID?.equals) }),
  create: ({ data }: { data: Omit<Document, 'id'> }) => Promise.resolve(documents.push({ ...data, id: randomUUID() })),
  update: ({ id, data }: { id: string; data: Partial<Document> }) =>
    Promise.resolve(Object.assign(documents.find((each) => each.id === id) ?? {}, data)),
  delete: ({ id }: { id: string }) =>
    Promise.resolve(
      documents.splice(
        documents.findIndex((each) => each.id === id),
        1,
      ),
    ),
}

beforeAll(async () => {
  const folder = stack.use(ClientFolder.install({ '@payloadcms/plugin-stripe': '3.90.2', payload: '3.90.2' }))
  plugin = await folder.import<Plugin>('@payloadcms/plugin-stripe')
  let handle = (_request: object): Promise<Response> => Promise.resolve(new Response())
  const app = stack.use(
    await serveHandler((request) => handle({ headers: request.headers, text: () => request.text(), payload })),
  )
  it = stack.use(
    await TestSandbox.start({ webhookEndpoints: [{ url: app.url, secret: SECRET, apiVersion: '2022-08-01' }] }),
  )
  callTheSandbox()
  const config = plugin.stripePlugin({
    stripeSecretKey: 'sk_test_sandbox',
    stripeWebhooksEndpointSecret: SECRET,
    sync: [
      {
        collection: 'customers',
        stripeResourceType: 'customers',
        stripeResourceTypeSingular: 'customer',
        fields: [
          { fieldPath: 'name', stripeProperty: 'name' },
          { fieldPath: 'email', stripeProperty: 'email' },
        ],
      },
    ],
  })({ collections: [{ slug: 'customers', fields: [] }] })
  const webhooks = config.endpoints.find(({ path }) => path === '/stripe/webhooks')
  if (!webhooks || !config.collections[0]?.hooks) throw new Error('The plugin has added no hooks.')
  handle = (request) => webhooks.handler(request)
  hooks = config.collections[0].hooks
}, 300_000)

/**
 * Sends the plugin's calls to the sandbox. Its clients call api.stripe.com, which no option changes. And its hooks do
 * nothing while NODE_ENV is `test`, as Vitest sets it.
 */
function callTheSandbox(): void {
  const { hostname: host, port } = new URL(it.sandbox.url)
  const spy = vi.spyOn(https, 'request').mockImplementation(((options: http.RequestOptions) => {
    const request = http.request({ ...options, host, port, agent: undefined })
    // The plugin's client writes only after a handshake.
    return request.once('socket', (socket) => socket.once('connect', () => socket.emit('secureConnect')))
  }) as never)
  vi.stubEnv('NODE_ENV', 'development')
  stack.defer(() => {
    spy.mockRestore()
    vi.unstubAllEnvs()
  })
}

const run = (hook: Hook | undefined, args: object) => hook?.({ ...args, req: { payload } })

describe("Payload's Stripe plugin", () => {
  test('creates, updates and deletes a customer with its document', async () => {
    const data = { name: 'Ada', email: 'ada@example.com' }
    const made = await run(hooks.beforeValidate[0], { data: { ...data }, operation: 'create' })
    const id = made?.stripeID ?? ''
    expect(await it.stripe.customers.retrieve(id)).toMatchObject(data)
    await run(hooks.beforeChange[0], {
      ...{ data: { ...data, stripeID: id, name: 'Ada King' }, originalDoc: {}, operation: 'update' },
    })
    expect(await it.stripe.customers.retrieve(id)).toMatchObject({ name: 'Ada King' })
    await run(hooks.afterDelete[0], { doc: { stripeID: id } })
    expect(await it.stripe.customers.retrieve(id)).toMatchObject({ deleted: true })
  })

  test('follows customers by webhooks', async () => {
    const { id } = await it.stripe.customers.create({ name: 'Grace', email: 'grace@example.com' })
    const kept = () => documents.filter((each) => each.stripeID === id)
    await expect.poll(kept, { timeout: PATIENCE_MS }).toMatchObject([{ name: 'Grace' }])
    await it.stripe.customers.update(id, { name: 'Grace Hopper' })
    await expect.poll(kept, { timeout: PATIENCE_MS }).toMatchObject([{ name: 'Grace Hopper' }])
    await it.stripe.customers.del(id)
    await expect.poll(kept, { timeout: PATIENCE_MS }).toEqual([])
  })

  test('passes calls on, and their errors', async () => {
    const stripeSecretKey = 'sk_test_sandbox'
    const price = await it.aPrice()
    const { id: customer } = await it.aCustomer()
    await it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] })
    const stripeArgs = [{ customer, limit: 10 }]
    const listed = await plugin.stripeProxy({ stripeSecretKey, stripeMethod: 'subscriptions.list', stripeArgs })
    expect(listed).toMatchObject({ status: 200, data: { data: [{ status: 'active', customer }] } })
    const lost = { stripeSecretKey, stripeMethod: 'customers.retrieve', stripeArgs: ['cus_lost'] }
    expect(await plugin.stripeProxy(lost)).toMatchObject({ status: 404, message: expect.stringContaining('cus_lost') })
  })
})
