import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, request, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { WEBHOOK_SECRET } from '../test-app.ts'
import type { FuzzRequest } from './requests.ts'

export interface Answer {
  /** 0 if the connection was closed without an answer. */
  status: number
  headers: IncomingHttpHeaders
  body: string
  /** Why there was no answer. */
  failure?: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 })
const PATIENCE = 20_000

/** Sends a request unchanged, which `fetch` would not do. */
export function send(
  url: string,
  asked: FuzzRequest,
  login: { token: string; cookie: string } | undefined,
): Promise<Answer> {
  const body = asked.body === undefined ? undefined : Buffer.from(asked.body, 'latin1')
  const headers = {
    ...(login ? { authorization: `Bearer ${login.token}`, cookie: login.cookie } : {}),
    ...(asked.signed ? { 'stripe-signature': signatureOf(body ?? Buffer.alloc(0)) } : {}),
    ...(body ? { 'content-length': String(body.length) } : {}),
    ...asked.headers,
  }
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const fail = (error: Error) => resolve({ status: 0, headers: {}, body: '', failure: String(error) })
    const { method, path } = asked
    const sent = request({ hostname, port, method, path, headers, agent, timeout: PATIENCE }, (response) => {
      const { statusCode: status = 0, headers } = response
      buffer(response).then((bytes) => resolve({ status, headers, body: bytes.toString('utf8') }), fail)
    })
    sent.on('error', fail)
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${PATIENCE} ms`)))
    sent.end(body)
  })
}

function signatureOf(body: Buffer): string {
  const now = Math.floor(Date.now() / 1_000)
  return `t=${now},v1=${createHmac('sha256', WEBHOOK_SECRET).update(`${now}.`).update(body).digest('hex')}`
}

/** Stands before the Stripe sandbox and remembers its refusals. The server may answer 502 only after one. */
export interface StripeWatch extends AsyncDisposable {
  readonly url: string
  target: string
  /** Returns the refusals since the last call. */
  takeRefusals(): string[]
}

export async function watchStripe(): Promise<StripeWatch> {
  let refusals: string[] = []
  const server: Server = createServer((req, res) => {
    const { method, headers, url: path } = req
    const onward = request(`${watch.target}${path ?? ''}`, { method, headers, agent: false }, (answer) => {
      const { statusCode = 0 } = answer
      if (statusCode >= 400) refusals.push(`${method} ${path}: ${statusCode}`)
      res.writeHead(statusCode, answer.headers)
      answer.pipe(res)
    })
    onward.on('error', (error) => res.destroy(error))
    req.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const watch = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    takeRefusals() {
      const taken = refusals
      refusals = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
  return watch
}
