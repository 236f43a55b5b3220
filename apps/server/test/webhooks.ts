import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
  answer: ServerResponse
}

export interface Receiver extends Disposable {
  readonly url: string
  /** Everything that has arrived, oldest first. */
  readonly all: Received[]
}

/** Starts a receiver of webhooks that answers as told; never, if the answer is null. */
export async function aReceiver(answerTo: (received: Received) => number | null = () => 204): Promise<Receiver> {
  const all: Received[] = []
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', (part: Buffer) => (body += part.toString()))
    req.on('end', () => {
      const received = { path: req.url ?? '', headers: req.headers, body, answer: res }
      all.push(received)
      const status = answerTo(received)
      if (status !== null) res.writeHead(status).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { [Symbol.dispose]: close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, all }
}

/** The bodies of what has arrived. */
export const bodiesOf = (all: readonly Received[]) =>
  all.map(({ body }) => JSON.parse(body) as { type: string; data: { id: string } })
