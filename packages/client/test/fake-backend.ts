/** A call as the backend gets it. */
export interface ReceivedCall {
  readonly path: string
  readonly headers: Headers
  readonly credentials: string | undefined
  /** Undefined for a query. */
  readonly input: unknown
  readonly signal: AbortSignal | null | undefined
}

export type Answer = Response | Promise<Response>

export function aSession(name: string, accessToken = `token of ${name}`, more: object = {}): Response {
  const session = { accessToken, tokenType: 'Bearer', expiresAt: '2027-01-01T00:00:00.000Z', ...more }
  return Response.json({ result: { data: { json: { ...session, user: { id: name, email: `${name}@example.com` } } } } })
}

/** The answer to `auth.restore` for someone without a session. */
export const noSession = (because = 'REFRESH_TOKEN_MISSING'): Response =>
  Response.json({ result: { data: { json: { session: null, because } } } })

export function refusal(reason: string, httpStatus = 401, more: object = {}): Response {
  const error = { json: { message: reason, code: -1, data: { reason, httpStatus, ...more } } }
  return Response.json({ error }, { status: httpStatus })
}

/** Turns the answer to `auth.refresh` into the one to `auth.restore`. A refusal stays as it is. */
export async function asRestored(answer: Answer): Promise<Response> {
  const response = await answer
  if (!response.ok) return response
  const body = (await response.clone().json()) as { result: { data: { json: object } } }
  if ('session' in body.result.data.json) return response
  const restored = Response.json({ result: { data: { json: { session: body.result.data.json, because: null } } } })
  for (const line of response.headers.getSetCookie()) restored.headers.append('set-cookie', line)
  return restored
}

/** A fetch that answers single calls by their path, and remembers them. A batch gets one answer for each call. */
export function fakeBackend(answer: (call: ReceivedCall) => Answer) {
  const calls: ReceivedCall[] = []
  const fetchIt: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const paths = url.pathname.replace(/^.*\/trpc\//, '').split(',')
    const isBatch = url.searchParams.has('batch')
    const answers = paths.map(async (path, at): Promise<Response> => {
      const input = inputOf(init?.body, isBatch ? at : undefined)
      const { credentials, signal } = init ?? {}
      const call = { path, headers: new Headers(init?.headers), credentials, input, signal }
      calls.push(call)
      return path === 'auth.restore' ? asRestored(answer(call)) : answer(call)
    })
    const responses = await Promise.all(answers)
    const [first] = responses
    if (!first || !isBatch) return first ?? Response.error()
    const bodies: unknown[] = await Promise.all(responses.map(async (response) => response.json()))
    return Response.json(bodies, { status: first.status, headers: first.headers })
  }
  return { fetch: fetchIt, calls, paths: () => calls.map(({ path }) => path) }
}

function inputOf(body: unknown, at: number | undefined): unknown {
  if (typeof body !== 'string') return undefined
  const sent = JSON.parse(body) as { json?: unknown } & Record<number, { json?: unknown }>
  return (at === undefined ? sent : sent[at])?.json
}
