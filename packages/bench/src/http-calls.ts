import { Agent, request, type IncomingHttpHeaders } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Reuses connections. `fetch` would take as much CPU time as the server. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/**
 * Makes one call.
 *
 * @throws {Error} when the status is not 200; the message has the start of the body.
 */
export async function call(
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const sent = request(url, { method, agent, headers }, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => (text += chunk))
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    response.on('error', reject)
  })
  sent.on('error', reject)
  sent.end(body)
  const answer = await promise.catch((error: unknown) => {
    // The server closed the idle connection before it received the call, so the call can be repeated.
    if (sent.reusedSocket && error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return null
    throw error
  })
  if (!answer) return call(url, { method, headers, ...(body === undefined ? {} : { body }) })
  if (answer.status !== 200) throw new Error(`${method} ${url} answered ${answer.status}: ${answer.body.slice(0, 300)}`)
  return answer
}

/** Calls a tRPC mutation. @returns the HTTP answer, for its cookies, and the result. */
export async function mutate(api: string, path: string, input?: object, headers: Record<string, string> = {}) {
  const answer = await call(`${api}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ json: input }),
  })
  const { result } = JSON.parse(answer.body) as { result: { data: { json: Record<string, unknown> } } }
  return { answer, json: result.data.json }
}

/** The refresh cookie that an answer sets, as `name=value`. */
export function refreshCookieOf({ headers }: Answer): string {
  const cookie = headers['set-cookie']?.find((line) => line.startsWith('refresh_token='))
  if (!cookie) throw new Error('The answer does not set a refresh cookie.')
  return cookie.slice(0, cookie.indexOf(';'))
}
