import { Agent, request, type IncomingHttpHeaders } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Kept-alive connections, as many as calls run at once. `fetch` would take as much time as the server does. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** One call. @throws on any status but 200, with the answer's text. */
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
    // The server has closed an idle connection while the call was on its way: it never saw the call.
    if (sent.reusedSocket && error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return null
    throw error
  })
  if (!answer) return call(url, { method, headers, ...(body === undefined ? {} : { body }) })
  if (answer.status !== 200) throw new Error(`${method} ${url} answered ${answer.status}: ${answer.body.slice(0, 300)}`)
  return answer
}

/** A tRPC mutation by hand. @returns the answer, for its cookies, and what it says. */
export async function mutate(api: string, path: string, input?: object, headers: Record<string, string> = {}) {
  const answer = await call(`${api}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ json: input }),
  })
  const { result } = JSON.parse(answer.body) as { result: { data: { json: Record<string, unknown> } } }
  return { answer, json: result.data.json }
}

/** The `name=value` of the refresh cookie that an answer sets. */
export function refreshCookieOf({ headers }: Answer): string {
  const cookie = headers['set-cookie']?.find((line) => line.startsWith('refresh_token='))
  if (!cookie) throw new Error('The answer sets no refresh cookie.')
  return cookie.slice(0, cookie.indexOf(';'))
}
