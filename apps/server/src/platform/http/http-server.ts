import { randomUUID } from 'node:crypto'
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { SECOND } from '../durations.ts'
import { UnreadableRequest } from '../errors/errors.ts'

/**
 * A server that slow or broken clients can't block. Headers must arrive within 10 s and a whole request within 30 s,
 * and a connection without traffic is closed after a minute.
 *
 * Idle connections stay open a little longer than most proxies keep theirs. Otherwise the server could close a
 * connection while the proxy is sending a request on it.
 */
export function createHttpServer(app: RequestListener): Server {
  const latest = new WeakMap<Socket, ServerResponse>()
  const answer: RequestListener = (req, res) => {
    latest.set(req.socket, res)
    const target = targetOf(req)
    if (target === undefined) return refuseAddress(res)
    req.url = target
    app(req, res)
  }
  const server = createServer(
    {
      headersTimeout: 10 * SECOND,
      requestTimeout: 30 * SECOND,
      connectionsCheckingInterval: SECOND, // how often both limits are checked; the default is 30 s
      keepAliveTimeout: 65 * SECOND,
      maxHeaderSize: 16_384,
    },
    answer,
  )
  server.timeout = 60 * SECOND
  server.maxHeadersCount = 100
  server.maxRequestsPerSocket = 10_000
  server.on('clientError', (error: Error & { code?: string; rawPacket?: Buffer }, socket: Socket) => {
    const last = latest.get(socket)
    const isAnswering = last?.headersSent === true && !last.writableFinished // an error can't be written into an answer
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswering) socket.destroy()
    else refuseUnreadable(error, socket)
  })
  server.on('checkExpectation', answer) // otherwise Node answers an empty 417
  return server
}

/** By the error codes of Node. All others mean a malformed request. */
const STATUSES: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }
/** The error of a request that takes too long to arrive, and its status. */
export const REQUEST_TIMEOUT = {
  code: 'TIMEOUT',
  httpStatus: 408,
  reason: 'INVALID_INPUT',
  message: 'The request took too long to arrive.',
} as const
const REASONS: Record<number, { code: string; message: string }> = {
  400: { code: 'BAD_REQUEST', message: 'Malformed request.' },
  408: { code: REQUEST_TIMEOUT.code, message: REQUEST_TIMEOUT.message },
  431: { code: 'BAD_REQUEST', message: 'The headers of the request are too large.' },
}

/** What a host name and a port never contain. A name and a password before the host are no part of it. */
const NO_HOST = /[\s/\\?#@]/

/**
 * The path and query of a request. A proxy may send a whole URL, which Express and tRPC would misread.
 *
 * @returns undefined when the target is no address, or the header `Host` no host.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
function targetOf({ url = '', headers: { host = '' } }: IncomingMessage): string | undefined {
  if (NO_HOST.test(host)) return undefined
  if (url.startsWith('/') || url === '*') return url
  const whole = URL.parse(url)
  return whole && /^https?:$/.test(whole.protocol) ? `${whole.pathname}${whole.search}` : undefined
}

const headersOf = (body: string) => ({
  'Content-Type': 'application/json; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Request-Id': randomUUID(),
  'Content-Length': Buffer.byteLength(body),
  Connection: 'close',
})

const bodyOf = (status: number) =>
  JSON.stringify({ error: { ...REASONS[status], reason: new UnreadableRequest().reason } })

function refuseAddress(res: ServerResponse): void {
  const body = bodyOf(400)
  res.writeHead(400, headersOf(body)).end(body)
}

/** Answers in JSON when Node refuses a request before Express sees it. */
function refuseUnreadable({ code, rawPacket }: { code?: string; rawPacket?: Buffer }, socket: Socket): void {
  const status = STATUSES[code ?? ''] ?? 400
  const body = bodyOf(status)
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...Object.entries(headersOf(body)).map(([name, value]) => `${name}: ${value}`),
      '',
      // The answer to HEAD has no body. A client would take it for the next answer.
      rawPacket?.subarray(0, 5).toString('latin1') === 'HEAD ' ? '' : body,
    ].join('\r\n'),
  )
}
