import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

/** A webhook delivery. */
export interface Received {
  readonly body: string
  readonly headers: IncomingHttpHeaders
  readonly event: {
    id: string
    type: string
    pending_webhooks: number
    api_version: string | null
    data: { object: { id: string } }
  }
}

/** A webhook endpoint that keeps what it receives. `answer` may choose the status of each call; 200 by default. */
export async function startReceiver(answer: (call: number) => number = () => 200) {
  const received: Received[] = []
  const endpoint = await startEndpoint((response, { body, headers }) => {
    received.push({ body, headers, event: JSON.parse(body) })
    response.writeHead(answer(received.length), { location: 'http://127.0.0.1:1/' }).end()
  })
  return {
    ...endpoint,
    received,
    /** The first delivery. */
    first(): Received {
      const [delivery] = received
      if (!delivery) throw new Error('The endpoint has received nothing.')
      return delivery
    },
    types: () => received.map(({ event }) => event.type),
  }
}

/** A webhook endpoint that calls `answer` for every delivery. */
export async function startEndpoint(
  answer: (response: ServerResponse, delivery: { body: string; headers: IncomingHttpHeaders }) => void,
) {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => answer(response, { body, headers: request.headers }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The endpoint has no port.')
  return {
    url: `http://127.0.0.1:${address.port}/webhook`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
