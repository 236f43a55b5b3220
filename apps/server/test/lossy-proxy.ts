import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

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
}

/** Stands between the server and the Stripe sandbox, and loses the answers that it is told to. */
export async function startLossyProxy(): Promise<LossyProxy> {
  let lost = { call: '', times: 0 }
  const server = createServer((incoming, answer) => {
    const isLost = lost.times > 0 && `${incoming.method} ${incoming.url}`.startsWith(lost.call)
    if (isLost) lost.times -= 1
    forward(proxy.target, incoming, answer, isLost)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const proxy: LossyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    loseAnswers: (call, times) => void (lost = { call, times }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}

function forward(target: string, incoming: IncomingMessage, answer: ServerResponse, isLost: boolean): void {
  const { method, headers, url = '/' } = incoming
  const onward = request(new URL(url, target), { method, headers }, (response) => {
    if (!isLost) {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
      return
    }
    response.resume()
    response.once('end', () => {
      answer.writeHead(500, { 'content-type': 'application/json' })
      answer.end(JSON.stringify({ error: { type: 'api_error', message: 'The answer was lost.' } }))
    })
  })
  onward.once('error', () => answer.destroy())
  incoming.pipe(onward)
}
