import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'

export const USER = '01900000-0000-7000-8000-000000000001'
export const ACCOUNT = '01900000-0000-7000-8000-00000000000a'
export const SERVICE_KEY = `tgsk_${'k'.repeat(43)}`

interface SigningKey {
  readonly id: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

/** What a backend answers to a call: a body, a status with an error's reason, a redirect, or nothing at all. */
export type Answer = object | { readonly status: number; readonly reason: string } | 'nothing' | 'a broken connection'

export interface Received {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly authorization: string | undefined
  readonly body: Record<string, unknown>
}

/** A small HTTP server with a backend's routes for other programs. A test decides what they answer. */
export class SmallBackend {
  readonly received: Received[] = []
  readonly keys: SigningKey[] = []
  readonly ended: string[] = []
  /** Answers of a test by `METHOD /path`; they win over the server's own. */
  readonly answers = new Map<string, (call: Received) => Answer>()
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #waiting: (() => void)[] = []

  static async start(): Promise<SmallBackend> {
    const backend = new SmallBackend()
    await backend.addKey('first')
    backend.#server.listen(0, '127.0.0.1')
    await once(backend.#server, 'listening')
    return backend
  }

  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The server has no port.')
    return `http://127.0.0.1:${address.port}`
  }

  async addKey(id: string): Promise<SigningKey> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig' }
    const key = { id, privateKey, jwk }
    this.keys.push(key)
    return key
  }

  /** An access token as the backend makes it, by default valid for 15 minutes. */
  async token(claims: Record<string, unknown> = {}, how: { key?: SigningKey; alg?: string } = {}): Promise<string> {
    const [key = how.key] = how.key ? [how.key] : this.keys
    if (!key) throw new Error('The backend has no key.')
    const at = Math.floor(Date.now() / 1000)
    const sid = crypto.randomUUID()
    const all = {
      ...{ iss: this.url, aud: 'tollgate', purpose: 'access', jti: crypto.randomUUID(), sub: USER, sid },
      ...claims,
    }
    return new SignJWT({ iat: at, exp: at + 900, ver: true, adm: false, ...all })
      .setProtectedHeader({ alg: 'ES256', kid: key.id, typ: 'JWT' })
      .sign(key.privateKey)
  }

  /** Ends a session, and tells those who wait. */
  end(sessionId: string): void {
    this.ended.push(sessionId)
    for (const tell of this.#waiting.splice(0)) tell()
  }

  callsOf(method: string, path: string): Received[] {
    return this.received.filter((call) => call.method === method && call.path === path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://backend')
    const text = Buffer.concat(chunks).toString()
    const { method = '', headers } = request
    const body = text === '' ? {} : JSON.parse(text)
    const call = { method, path, query, authorization: headers.authorization, body }
    this.received.push(call)
    const settled = this.answers.get(`${method} ${path}`)?.(call) ?? (await this.#own(call))
    if (settled === 'nothing') return
    if (settled === 'a broken connection') return void request.socket.destroy()
    if ('reason' in settled && 'status' in settled) {
      const { status, reason, ...more } = settled
      response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'request-1' })
      return void response.end(JSON.stringify({ error: { code: 'X', reason, message: `It is ${reason}.`, ...more } }))
    }
    if ('location' in settled) return void response.writeHead(307, { location: String(settled.location) }).end()
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(settled))
  }

  async #own({ method, path, query }: Received): Promise<Answer> {
    if (path === '/.well-known/jwks.json') return { keys: this.keys.map(({ jwk }) => jwk) }
    if (path === '/v1/revocations') return this.#revocations(Number(query.get('after') ?? 0), Number(query.get('wait')))
    if (path === `/v1/accounts/${ACCOUNT}/entitlements`) return ENTITLEMENTS
    if (method === 'POST' && path === `/v1/accounts/${ACCOUNT}/usage`) return USAGE
    return { status: 404, reason: 'NOT_FOUND' }
  }

  async #revocations(after: number, wait: number): Promise<Answer> {
    if (this.ended.length === after && wait > 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        setTimeout(resolve, wait * 1000).unref()
      })
    }
    const sessions = this.ended.slice(after).map((id) => ({ id, endedAt: new Date().toISOString() }))
    return { sessions, cursor: String(this.ended.length) }
  }
}

const API_CALLS = { allowed: true, limit: 100, used: 1, remaining: 99, resetsAt: '2027-01-01T00:00:00.000Z' }
export const ENTITLEMENTS = {
  tier: 'pro',
  planCode: 'pro',
  until: null,
  features: { api_calls: API_CALLS, sso: { allowed: false, limit: 0, used: 0, remaining: 0, resetsAt: null } },
}
export const USAGE = { allowed: true, used: 2, limit: 100, remaining: 98, resetsAt: null }
