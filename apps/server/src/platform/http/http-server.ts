import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { SECOND } from '../durations.ts'
import { UnreadableRequest } from '../errors/errors.ts'

/**
 * A server that a slow or broken client can't hold on to: headers within 10 s, a whole request within 30 s, and a
 * connection on which nothing moves is closed after a minute. Idle ones are kept a little longer than the proxies in
 * front of it keep theirs, so that none is closed while a request is on its way.
 */
export function createHttpServer(app: RequestListener): Server {
  const latest = new WeakMap<Socket, ServerResponse>()
  const answer: RequestListener = (req, res) => {
    latest.set(req.socket, res)
    app(req, res)
  }
  const server = createServer(
    {
      headersTimeout: 10 * SECOND,
      requestTimeout: 30 * SECOND,
      connectionsCheckingInterval: SECOND, // how exactly the two are kept; by default, half a minute
      keepAliveTimeout: 65 * SECOND,
      maxHeaderSize: 16_384,
    },
    answer,
  )
  server.timeout = 60 * SECOND
  server.maxHeadersCount = 100
  server.maxRequestsPerSocket = 10_000
  server.on('clientError', (error: Error & { code?: string }, socket: Socket) => {
    const last = latest.get(socket)
    const isAnswering = last?.headersSent === true && !last.writableFinished // nothing else fits in between
    if (!socket.writable || error.code === 'ECONNRESET' || isAnswering) socket.destroy()
    else refuseUnreadable(error, socket)
  })
  server.on('checkExpectation', answer) // what nobody here can expect is no reason for an empty 417
  return server
}

/** By the code of Node's parser; anything else is a request that can't be read. */
const STATUSES: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }
const REASONS: Record<number, { code: string; message: string }> = {
  400: { code: 'BAD_REQUEST', message: 'Malformed request.' },
  408: { code: 'TIMEOUT', message: 'The request took too long to arrive.' },
  431: { code: 'BAD_REQUEST', message: 'The headers of the request are too large.' },
}

/** What Node refuses before there is a request: in JSON, like every error here. */
function refuseUnreadable(error: { code?: string }, socket: Socket): void {
  const status = STATUSES[error.code ?? ''] ?? 400
  const body = JSON.stringify({ error: { ...REASONS[status], reason: new UnreadableRequest().reason } })
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
