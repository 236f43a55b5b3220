import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What happens to a webhook call: whether it arrives, and whether Stripe gets a success answer. */
export type Fate = 'withheld' | 'swallowed' | 'delivered' | 'answer lost'

export interface Relay extends AsyncDisposable {
  readonly url: string
  /** Where calls go. Set it before the first call. */
  target: string
  /** The fate of every call that is not expected. */
  fate: Fate | (() => Fate)
  /** Sets the fate of the next call about an event. Resolves when that call is over. */
  expect(eventId: string, fate: Fate): Promise<void>
}

/** Stands between the Stripe sandbox and the server's webhook, and passes the sandbox's calls on or not. */
export async function startRelay(): Promise<Relay> {
  const expected = new Map<string, { fate: Fate; over: () => void }>()
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request)
      const { id } = JSON.parse(body.toString()) as { id: string }
      const call = expected.get(id)
      expected.delete(id)
      const byDefault = typeof relay.fate === 'function' ? relay.fate() : relay.fate
      response.statusCode = await answer(relay.target, call?.fate ?? byDefault, body, request.headers)
      response.end()
      response.once('close', () => call?.over())
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const relay: Relay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    fate: 'delivered',
    async expect(eventId, fate) {
      const { promise, resolve } = Promise.withResolvers<void>()
      expected.set(eventId, { fate, over: resolve })
      return promise
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return relay
}

async function answer(
  target: string,
  fate: Fate,
  body: Buffer,
  headers: NodeJS.Dict<string | string[]>,
): Promise<number> {
  if (fate === 'withheld') return 503
  if (fate === 'swallowed') return 200
  const { status } = await fetch(target, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': String(headers['stripe-signature']) },
    body: new Uint8Array(body),
  })
  return fate === 'answer lost' ? 503 : status
}
