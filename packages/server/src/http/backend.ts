import { TollgateMisuse, TollgateRefusal, TollgateUnavailable, type TollgateError } from '../errors.ts'
import type { Settings } from '../options.ts'
import { pause } from '../runtime.ts'
import { Fields, isObject } from '../shape.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: object
  /** Whether the call needs the service key. True by default. */
  readonly withKey?: boolean
  /** How many milliseconds the call may take, with its repeats. By default the option `timeout`. */
  readonly timeout?: number
  /** How often it is tried. Only calls whose repeat changes nothing more may be made. */
  readonly attempts?: number
  readonly signal?: AbortSignal | undefined
}

/** Calls the backend's routes. */
export interface Backend {
  /**
   * @throws {TollgateRefusal} if the backend refuses the call.
   * @throws {TollgateUnavailable} if it can't be reached, does not answer in time, or fails.
   * @throws {TollgateMisuse} if the call needs a service key and there is none.
   */
  call(call: Call): Promise<Fields>
}

const ATTEMPTS = 3
const FIRST_PAUSE = 100

export function createBackend(settings: Settings): Backend {
  return {
    async call(call) {
      if (call.withKey !== false && settings.serviceKey === undefined) {
        throw new TollgateMisuse(`${call.method} ${call.path} needs a service key. Pass it as serviceKey.`)
      }
      const { attempts = ATTEMPTS, timeout = settings.timeout } = call
      const deadline = Date.now() + timeout
      let answered: TollgateError | undefined
      for (let attempt = 1; ; attempt++) {
        const left = deadline - Date.now()
        const outcome = await callOnce(settings, call, attempts === 1 ? left : Math.min(left, timeout / 2))
        if ('answer' in outcome) return outcome.answer
        // The last try has little time left. That it got no answer says less than the answer before.
        if (outcome.hasAnswer) answered = outcome.error
        const wait = outcome.retryAfter ?? FIRST_PAUSE * 2 ** (attempt - 1) * (1 + Math.random())
        const isLast = attempt >= attempts || Date.now() + wait >= deadline || call.signal?.aborted
        if (!outcome.isWorthARepeat || isLast) throw answered ?? outcome.error
        await pause(wait, call)
      }
    },
  }
}

type Outcome =
  | { answer: Fields }
  | {
      readonly error: TollgateError
      readonly hasAnswer: boolean
      readonly isWorthARepeat: boolean
      /** In milliseconds. */
      readonly retryAfter?: number | undefined
    }

async function callOnce(settings: Settings, call: Call, timeout: number): Promise<Outcome> {
  const what = `${call.method} ${call.path}`
  let response: Response
  let text: string
  try {
    const limit = AbortSignal.timeout(Math.ceil(Math.max(1, timeout))) // Node refuses fractions
    const signal = call.signal ? AbortSignal.any([call.signal, limit]) : limit
    response = await settings.fetch(addressOf(settings.url, call), {
      method: call.method,
      headers: headersOf(settings, call),
      redirect: 'manual', // the key must not go to another address
      signal,
      ...(call.body && { body: JSON.stringify(call.body) }),
    })
    text = await response.text()
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === 'TimeoutError'
    const message = isLate ? 'did not answer in time' : 'could not be reached'
    const error = new TollgateUnavailable(`The backend ${message} (${what}).`, { cause })
    return { error, hasAnswer: false, isWorthARepeat: true }
  }
  return outcomeOf(response, text, what)
}

function outcomeOf(response: Response, text: string, what: string): Outcome {
  const { status } = response
  const body = parse(text)
  if (response.ok && isObject(body)) return { answer: new Fields(body, what) }
  const error = isObject(body) && isObject(body['error']) ? body['error'] : undefined
  if (status >= 400 && status < 500 && error) {
    const refusal = refusalOf(response, error)
    const retryAfter = refusal.retryAfter === undefined ? undefined : refusal.retryAfter * 1000
    return { error: refusal, hasAnswer: true, isWorthARepeat: status === 429, retryAfter }
  }
  const reason = typeof error?.['reason'] === 'string' ? `, ${error['reason']}` : ''
  const message = `The backend answered ${what} with status ${status}${reason}, and not as a Tollgate backend does.`
  const failure = `The backend failed at ${what}: status ${status}${reason}.`
  const unavailable = new TollgateUnavailable(error ? failure : message)
  return { error: unavailable, hasAnswer: true, isWorthARepeat: status >= 500 }
}

function refusalOf(response: Response, error: Readonly<Record<string, unknown>>): TollgateRefusal {
  const { message, reason, fieldErrors, retryAfter } = error
  return new TollgateRefusal(typeof message === 'string' ? message : `Status ${response.status}`, {
    status: response.status,
    reason: typeof reason === 'string' ? reason : 'UNKNOWN',
    fieldErrors: isObject(fieldErrors)
      ? Object.fromEntries(Object.entries(fieldErrors).map(([name, text]) => [name, String(text)]))
      : undefined,
    retryAfter: typeof retryAfter === 'number' ? retryAfter : undefined,
    requestId: response.headers.get('x-request-id') ?? undefined,
  })
}

function addressOf(url: string, { path, query = {} }: Call): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value))
  return parameters.size > 0 ? `${url}${path}?${parameters.toString()}` : `${url}${path}`
}

function headersOf({ serviceKey }: Settings, { withKey = true, body }: Call): Record<string, string> {
  return {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(withKey && serviceKey !== undefined && { authorization: `Bearer ${serviceKey}` }),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
