import { z } from 'zod'
import { SECOND } from '../../../../platform/durations.ts'
import { DomainError } from '../../../../platform/errors/errors.ts'
import { PaymentProviderError } from '../../../billing.errors.ts'
import type { PaymobSettings } from '../paymob-settings.ts'
import type { AuthTokens } from './auth-tokens.ts'
import { PaymobError } from './paymob-error.ts'

/** How long one call may take, in milliseconds. */
const TIMEOUT = 6 * SECOND
/** Maximum length of an error's text from Paymob. */
const SHOWN = 300

interface PaymobCall<T> {
  method: 'GET' | 'POST' | 'PUT'
  /** With the query. It holds no secret, because it is in errors. */
  path: string
  /** What authorizes the call: an auth token, the secret key, or something in its body. */
  key: 'token' | 'secret' | 'none'
  body?: Readonly<Record<string, unknown>>
  /** The fields that are read of the answer. */
  answer: z.ZodType<T>
}

/**
 * Calls Paymob within a time budget. A call is never repeated, except with a new auth token after 401, which has no
 * effect at Paymob.
 *
 * @throws {PaymentProviderError} for everything that goes wrong; the cause is for the log, and holds no secret.
 */
export type CallPaymob = <T>(call: PaymobCall<T>) => Promise<T>

interface Connection {
  settings: PaymobSettings
  tokens: AuthTokens
  onCall: () => void
}

const Token = z.object({ token: z.string().min(1) })

/** @param deadline by `performance.now()`: all calls have to be done by then. */
export function createCalls({ settings, tokens, onCall }: Connection, deadline: number): CallPaymob {
  return async (call) => {
    try {
      if (call.key === 'token') return await withToken(call)
      return await send(call, call.key === 'secret' ? `Token ${settings.secretKey}` : null)
    } catch (error) {
      throw error instanceof DomainError ? error : new PaymentProviderError({ cause: withoutSecrets(error) })
    }
  }

  async function withToken<T>(call: PaymobCall<T>): Promise<T> {
    const token = await tokens.get(exchange)
    try {
      return await send(call, `Bearer ${token}`)
    } catch (error) {
      if (!(error instanceof PaymobError && error.statusCode === 401)) throw error
      await tokens.forget(token)
      return send(call, `Bearer ${await tokens.get(exchange)}`)
    }
  }

  async function exchange(): Promise<string> {
    const body = { api_key: settings.apiKey }
    const { token } = await send({ method: 'POST', path: '/api/auth/tokens', key: 'none', body, answer: Token }, null)
    return token
  }

  async function send<T>({ method, path, body, answer }: PaymobCall<T>, authorization: string | null): Promise<T> {
    const left = deadline - performance.now()
    if (left <= 0) throw new Error('The time budget for calls to Paymob is used up.')
    onCall()
    const what = `${method} ${path}`
    const response = await fetch(settings.apiUrl + path, {
      method,
      // Keys are never sent to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(Math.min(TIMEOUT, Math.ceil(left))),
      headers: {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...(authorization && { authorization }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new PaymobError(what, response.status, masked(text, settings).slice(0, SHOWN))
    return read(what, text, answer)
  }
}

function read<T>(what: string, text: string, answer: z.ZodType<T>): T {
  const json = parseJson(text)
  const parsed = answer.safeParse(json)
  if (parsed.success) return parsed.data
  // Only which fields are wrong: their values may be anything.
  const fields = parsed.error.issues.map(({ path, code }) => `${path.join('.')} (${code})`)
  throw new Error(`Paymob's answer to ${what} can't be read: ${fields.join(', ')}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Paymob's errors may repeat what was sent. */
function masked(text: string, { secretKey, apiKey, hmacSecret }: PaymobSettings): string {
  return [secretKey, apiKey, hmacSecret]
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text)
    .replaceAll(/\w*csk_\w+/g, '***')
}

/** `fetch` names the address in its errors, and no secret. Its own cause says why. */
function withoutSecrets(error: unknown): unknown {
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return error
  return new Error(`Paymob can't be reached: ${error.cause.message}`)
}
