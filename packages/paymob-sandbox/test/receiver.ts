import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

/** JSON as a caller without types sees it. */
export type Json = ReturnType<typeof JSON.parse>

export interface Received {
  readonly hmac: string | null
  readonly raw: string
  readonly body: Json
}

/** A program that gets callbacks, keeps them, and answers with a status: 200 by default. */
export async function startReceiver(answer: (call: number) => number = () => 200) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let raw = ''
    request.on('data', (chunk: Buffer) => (raw += chunk.toString()))
    request.on('end', () => {
      const { searchParams } = new URL(request.url ?? '/', 'http://receiver')
      received.push({ hmac: searchParams.get('hmac'), raw, body: JSON.parse(raw) })
      response.writeHead(answer(received.length)).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port.')
  return {
    url: `http://127.0.0.1:${address.port}/callback`,
    received,
    /** `TRANSACTION`, `TOKEN`, or the trigger of each callback. */
    types: () => received.map(({ body }) => String(body.type ?? body.trigger_type)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The HMAC of a text, as a receiver computes it. */
export function hmacOf(secret: string, text: string): string {
  return createHmac('sha512', secret).update(text).digest('hex')
}
