import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** Posts events to webhook endpoints over kept connections, with less work each than `fetch`: an advance may have 100,000 to tell. */
export class Poster {
  readonly #timeoutMs: number
  readonly #http = new HttpAgent({ keepAlive: true })
  readonly #https = new HttpsAgent({ keepAlive: true })

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** The answer's status; null if there was none in time. A redirect is an answer, and not followed. */
  post(url: string, body: string, signature: string): Promise<number | null> {
    const secure = url.startsWith('https:')
    return new Promise((resolve) => {
      const request = (secure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: secure ? this.#https : this.#http,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signature,
        },
      })
      const timer = setTimeout(() => request.destroy(), this.#timeoutMs)
      request.on('response', (response) => {
        resolve(response.statusCode ?? null)
        response.on('error', () => undefined) // cut short: its status has come
        response.resume()
      })
      request.on('error', () => resolve(null))
      request.on('close', () => {
        clearTimeout(timer)
        resolve(null)
      })
      request.end(body)
    })
  }

  /** Breaks off what is under way. */
  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}
