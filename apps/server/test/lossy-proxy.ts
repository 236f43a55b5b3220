import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Faults } from './faults/faults.ts'

export interface LossyProxy extends AsyncDisposable {
  readonly url: string
  /** Where calls go; set once that is known. */
  target: string
  /**
   * Of the calls that match, the next ones reach their target and are carried out, but the answer is a 500.
   *
   * @param call such as `POST /v1/subscriptions/`, the beginning of method and path.
   */
  loseAnswers(call: string, times: number): void
  /**
   * Of the calls that match, the next one that carries an idempotency key fails with a 500 that is kept under its key,
   * `before` or `after` it was carried out: every repeat gets the same answer.
   */
  spoilKey(call: string, when: 'before' | 'after'): void
  /** Before the next call that matches reaches its target, this happens. */
  meanwhile(call: string, happens: () => Promise<unknown>): void
  /** A call that comes while this is true gets no answer. Without a condition, every call gets one. */
  stallWhile(condition?: () => Promise<boolean>): void
  /** From now on every object in what is read at Stripe is shown like this; without anything, as it is. */
  showAs(shown?: (object: Record<string, unknown>) => Record<string, unknown>): void
  /** A day has passed: from now on no idempotency key from before is known. */
  forgetKeys(): void
}

/** Stands between the server and the Stripe sandbox, and loses the calls and answers that it is told to. */
export async function startLossyProxy(faults?: Faults): Promise<LossyProxy> {
  let lost = { call: '', times: 0 }
  let spoiling: { call: string; when: 'before' | 'after' } | null = null
  const spoilt = new Set<string>()
  let days = 0
  let disguise: Disguise | undefined
  let between: { call: string; happens: () => Promise<unknown> } | null = null
  let isStalled: (() => Promise<boolean>) | undefined
  const server = createServer((incoming, answer) => {
    if (isStalled) void isStalled().then((isSo) => isSo || serve(incoming, answer))
    else serve(incoming, answer)
  })
  function serve(incoming: IncomingMessage, answer: ServerResponse): void {
    const call = `${incoming.method} ${incoming.url}`
    const key = keyOf(incoming, days)
    if (key && spoilt.has(key)) {
      refuse(answer, { ...NO_REPEAT, 'idempotent-replayed': 'true' })
      return
    }
    if (key && spoiling && call.startsWith(spoiling.call)) {
      const { when } = spoiling
      spoiling = null
      spoilt.add(key)
      if (when === 'before') refuse(answer)
      else forward(proxy.target, incoming, answer, 'give up')
      return
    }
    const fault = faults?.next(`stripe ${call}`)
    if (fault === 'before') {
      refuse(answer)
      return
    }
    const isLost = lost.times > 0 && call.startsWith(lost.call)
    if (isLost) lost.times -= 1
    if (disguise && incoming.method === 'GET') {
      void disguised(proxy.target, incoming, answer, disguise)
      return
    }
    const loss = isLost ? 'repeat' : fault === 'after' ? 'give up' : null
    if (between && call.startsWith(between.call)) {
      const { happens } = between
      between = null
      void happens().finally(() => forward(proxy.target, incoming, answer, loss))
      return
    }
    forward(proxy.target, incoming, answer, loss)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const proxy: LossyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    loseAnswers: (call, times) => void (lost = { call, times }),
    spoilKey: (call, when) => void (spoiling = { call, when }),
    meanwhile: (call, happens) => void (between = { call, happens }),
    stallWhile: (condition) => void (isStalled = condition),
    showAs: (shown) => void (disguise = shown),
    forgetKeys: () => void (days += 1),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}

type Disguise = (object: Record<string, unknown>) => Record<string, unknown>

async function disguised(
  target: string,
  { url = '/', headers }: IncomingMessage,
  answer: ServerResponse,
  as: Disguise,
) {
  const { authorization = '' } = headers
  const response = await fetch(new URL(url, target), { headers: { authorization } })
  const body: unknown = JSON.parse(await response.text(), (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'object' in value ? as({ ...value }) : value,
  )
  answer.writeHead(response.status, { 'content-type': 'application/json' })
  answer.end(JSON.stringify(body))
}

/** The call's own key, which on another day is another one to whoever is behind. */
function keyOf(incoming: IncomingMessage, day: number): string | undefined {
  const { 'idempotency-key': key } = incoming.headers
  if (typeof key !== 'string') return undefined
  const known = day === 0 ? key : `${day}/${key}`
  incoming.headers['idempotency-key'] = known
  return known
}

/** @param loss what becomes of the answer, and whether the client is to try again by itself. */
function forward(
  target: string,
  incoming: IncomingMessage,
  answer: ServerResponse,
  loss: 'repeat' | 'give up' | null,
): void {
  const { method, headers, url = '/' } = incoming
  const onward = request(new URL(url, target), { method, headers }, (response) => {
    if (!loss) {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
      return
    }
    response.resume()
    response.once('end', () => refuse(answer, loss === 'repeat' ? {} : NO_REPEAT))
  })
  onward.once('error', () => answer.destroy())
  incoming.pipe(onward)
}

/** Stripe's word for the client's own repeats, which would only hide the fault. */
const NO_REPEAT = { 'stripe-should-retry': 'false' }

function refuse(answer: ServerResponse, headers: Record<string, string> = NO_REPEAT): void {
  answer.writeHead(500, { 'content-type': 'application/json', ...headers })
  answer.end(JSON.stringify({ error: { type: 'api_error', message: 'The answer was lost.' } }))
}
