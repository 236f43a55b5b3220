import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/**
 * Posts events to webhook endpoints over keep-alive connections. Each costs less work than a `fetch`, because an
 * advance may cause 100,000 of them.
 */
export class Poster {
  readonly #timeoutMs: number
  readonly #http = new HttpAgent({ keepAlive: true })
  readonly #https = new HttpsAgent({ keepAlive: true })

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** @returns the status of the response, or null if there was none in time. Redirects are not followed. */
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
        response.on('error', () => undefined) // cut short, but the status is known
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

  /** Aborts all requests in progress. */
  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}
