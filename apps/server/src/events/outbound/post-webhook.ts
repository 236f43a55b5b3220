import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { SECOND } from '../../platform/durations.ts'
import { AddressRefused, checkLiteral, createGuardedLookup, createResolve, type Resolve } from './guarded-lookup.ts'
import { readEndpointUrl, type OutboundSettings } from './url-rules.ts'

/** In milliseconds. */
export interface OutboundTimes {
  /** For the name, the connection and TLS together. */
  readonly connect: number
  /** For everything until the status has arrived. */
  readonly answer: number
  /** How long an answer's body may take. Only its status counts, so it is cut off then. */
  readonly body: number
}

export const OUTBOUND_TIMES: OutboundTimes = { connect: 5 * SECOND, answer: 15 * SECOND, body: 2 * SECOND }

/** Maximum bytes that are read of an answer's body. Then the connection is closed. */
const LONGEST_BODY = 16 * 1024
/** How long an idle connection is kept, in milliseconds. */
const KEPT_ALIVE = 20 * SECOND

/** How one attempt ended. */
export type Attempt =
  | { readonly ok: true; readonly status: number; readonly error: null }
  | {
      readonly ok: false
      /** Null without an answer. */
      readonly status: number | null
      /** Why, in a sentence for administrators. */
      readonly error: string
      /** When the receiver wants the next try, in milliseconds from now; null if it does not say. */
      readonly retryAfter: number | null
    }

/** Posts webhooks to public addresses only. */
export interface WebhookPoster {
  /**
   * Posts a body to an endpoint's URL. It follows no redirect, and never throws.
   *
   * @param options.signal ends the attempt early.
   */
  post(url: string, body: string, options: { headers: Record<string, string>; signal?: AbortSignal }): Promise<Attempt>
  /** Closes idle connections. */
  close(): void
}

interface Replacements {
  resolve?: Resolve
  times?: OutboundTimes
}

export function createWebhookPoster(
  settings: OutboundSettings,
  { resolve = createResolve(), times = OUTBOUND_TIMES }: Replacements = {},
): WebhookPoster {
  const lookup = createGuardedLookup(resolve, settings.networks)
  const kept = { keepAlive: true, keepAliveMsecs: KEPT_ALIVE, timeout: KEPT_ALIVE, maxFreeSockets: 10 }
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) }

  async function attempt(url: URL, body: string, headers: Record<string, string>, signal: AbortSignal) {
    checkLiteral(url.hostname.replaceAll(/^\[|\]$/g, ''), settings.networks)
    const isTls = url.protocol === 'https:'
    const options = { method: 'POST', headers, signal, lookup }
    const sent = isTls
      ? httpsRequest(url, { ...options, agent: agents.https })
      : httpRequest(url, { ...options, agent: agents.http })
    limitConnecting(sent, isTls ? 'secureConnect' : 'connect', times.connect)
    sent.end(body)
    try {
      const response = await responseTo(sent)
      await drain(response, times.body)
      return attemptOf(response)
    } catch (error) {
      // The receiver closed a kept connection just as we used it. A receiver that saw the request gets it twice.
      if (sent.reusedSocket && codeOf(error) === 'ECONNRESET') return null
      throw error
    }
  }

  return {
    async post(text, body, { headers, signal: ended }) {
      const read = readEndpointUrl(text, settings)
      if (read.problem !== undefined) return failed(`The URL is no longer allowed: it ${read.problem}.`)
      const late = AbortSignal.timeout(times.answer)
      const signal = ended ? AbortSignal.any([ended, late]) : late
      const all = { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
      try {
        for (let tries = 0; tries < TRIES; tries += 1) {
          const result = await attempt(read.url, body, all, signal)
          if (result) return result
        }
        return failed('The connection was closed before an answer (ECONNRESET).')
      } catch (error) {
        return failed(late.aborted ? `There was no answer within ${times.answer / SECOND} s.` : describe(error))
      }
    },

    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

/** Maximum kept connections in a row that turn out to be closed. */
const TRIES = 3

class ConnectTimeout extends Error {}
class ClosedWithoutAnswer extends Error {}

function limitConnecting(sent: ClientRequest, ready: string, limit: number): void {
  sent.once('socket', (socket) => {
    if (!socket.connecting) return
    const timer = setTimeout(() => sent.destroy(new ConnectTimeout()), limit)
    const stop = () => clearTimeout(timer)
    socket.once(ready, stop).once('close', stop)
  })
}

function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve).once('error', reject)
    // Without an answer and without an error, as after "101 Switching Protocols".
    sent.once('close', () => reject(new ClosedWithoutAnswer()))
  })
}

/** Reads a short body, so that the connection can be used again. Cuts off a long or slow one. */
async function drain(response: IncomingMessage, limit: number): Promise<void> {
  const timer = setTimeout(() => response.destroy(), limit)
  let length = 0
  response.on('data', (part: Buffer) => {
    length += part.length
    if (length > LONGEST_BODY) response.destroy()
  })
  response.on('error', () => {}) // it was cut off, by us or by the receiver; the status has arrived
  await new Promise<void>((resolve) => response.once('close', resolve))
  clearTimeout(timer)
}

function attemptOf({ statusCode: status = 0, headers }: IncomingMessage): Attempt {
  if (status >= 200 && status < 300) return { ok: true, status, error: null }
  const error =
    status >= 300 && status < 400
      ? `The answer was a redirect (${status}), which is not followed.`
      : `The answer was ${status}.`
  const asks = status === 429 || status === 503
  return { ok: false, status, error, retryAfter: asks ? readRetryAfter(headers['retry-after']) : null }
}

/** Reads seconds or an HTTP date. */
function readRetryAfter(text: string | undefined): number | null {
  if (text === undefined) return null
  const wait = /^\d{1,9}$/.test(text) ? Number(text) * SECOND : Date.parse(text) - Date.now()
  return Number.isFinite(wait) && wait > 0 ? wait : null
}

const failed = (error: string): Attempt => ({ ok: false, status: null, error, retryAfter: null })

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

const REFUSED: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused',
  ECONNRESET: 'The connection was closed before an answer',
  ENOTFOUND: 'The host name has no address',
  ENODATA: 'The host name has no address',
  ETIMEOUT: 'The name server did not answer',
  EHOSTUNREACH: 'The host can not be reached',
  ENETUNREACH: 'The host can not be reached',
  EPROTO: 'TLS could not be set up',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The port does not speak TLS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host name',
  CERT_HAS_EXPIRED: 'The certificate has expired',
  CERT_NOT_YET_VALID: 'The certificate is not valid yet',
  CERT_SIGNATURE_FAILURE: 'The certificate is not from a trusted authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is not from a trusted authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate is not from a trusted authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The certificate is not from a trusted authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate is not from a trusted authority',
}

/** Says why there was no answer. Only codes are taken from the error, whose text may name addresses. */
function describe(error: unknown): string {
  if (error instanceof AddressRefused) return error.message
  if (error instanceof ConnectTimeout) return 'The connection took too long.'
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error
  if (inner instanceof AddressRefused) return inner.message
  const code = codeOf(inner) ?? codeOf(error)
  if (error instanceof ClosedWithoutAnswer || code === 'ABORT_ERR') return 'The connection was closed before an answer.'
  return code === undefined ? 'The request failed.' : `${REFUSED[code] ?? 'The request failed'} (${code}).`
}
