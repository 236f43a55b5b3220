import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Faults } from './faults/faults.ts'

export interface LossyProxy extends AsyncDisposable {
  readonly url: string
  /** Where calls go. Set it before the first call. */
  target: string
  /**
   * Lets the next matching calls reach Stripe, but answers them with a 500.
   *
   * @param call how method and path begin, such as `POST /v1/subscriptions/`.
   */
  loseAnswers(call: string, times: number): void
  /**
   * Answers the next matching call that has an idempotency key with a 500, before or after Stripe carries it out. As at
   * Stripe, the answer is stored under the key, so every repeat gets it too.
   */
  spoilKey(call: string, when: 'before' | 'after'): void
  /** Runs `happens` before the next matching call reaches Stripe. */
  meanwhile(call: string, happens: () => Promise<unknown>): void
  /** A call that comes while this is true gets no answer. Without a condition, every call gets one. */
  stallWhile(condition?: () => Promise<boolean>): void
  /** Maps all objects in Stripe's answers to GET requests from now on. Without a function, stops doing so. */
  showAs(shown?: (object: Record<string, unknown>) => Record<string, unknown>): void
  /** Makes Stripe forget all earlier idempotency keys, as it does after a day. */
  forgetKeys(): void
}

/** Starts a proxy between the server and the Stripe sandbox that can lose calls and answers. */
export async function startLossyProxy(faults?: Faults): Promise<LossyProxy> {
  let lost = { call: '', times: 0 }
  let spoiling: { call: string; when: 'before' | 'after' } | null = null
  const spoiled = new Set<string>()
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
    // The server asks for its account as it starts, when there may be no target yet.
    if (!proxy.target) {
      refuse(answer)
      return
    }
    const key = keyOf(incoming, days)
    if (key && spoiled.has(key)) {
      refuse(answer, { ...NO_REPEAT, 'idempotent-replayed': 'true' })
      return
    }
    if (key && spoiling && call.startsWith(spoiling.call)) {
      const { when } = spoiling
      spoiling = null
      spoiled.add(key)
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

/** Returns the call's idempotency key, changed per day so that the sandbox doesn't recognize it on another day. */
function keyOf(incoming: IncomingMessage, day: number): string | undefined {
  const { 'idempotency-key': key } = incoming.headers
  if (typeof key !== 'string') return undefined
  const known = day === 0 ? key : `${day}/${key}`
  incoming.headers['idempotency-key'] = known
  return known
}

/**
 * Forwards a call and its answer.
 *
 * @param loss what Stripe's client does after its answer was replaced with a 500; null forwards the answer.
 */
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

/** Tells Stripe's client not to repeat the call, because a repeat would hide the fault. */
const NO_REPEAT = { 'stripe-should-retry': 'false' }

function refuse(answer: ServerResponse, headers: Record<string, string> = NO_REPEAT): void {
  answer.writeHead(500, { 'content-type': 'application/json', ...headers })
  answer.end(JSON.stringify({ error: { type: 'api_error', message: 'The answer was lost.' } }))
}
