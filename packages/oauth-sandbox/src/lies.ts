import type { RequestHandler } from 'express'
import type { AnswerLie, Endpoint, IdTokenLie, Lies } from './options.ts'

const ID_TOKEN_LIES = new Set<unknown>([
  'issuer',
  'audience',
  'nonce',
  'no-nonce',
  'key',
  'alg-none',
  'alg-hs256',
  'expired',
  'subject-missing',
] satisfies IdTokenLie[])
const ENDPOINTS = new Set<unknown>(['discovery', 'jwks', 'token', 'user', 'emails'] satisfies Endpoint[])
const ANSWER_LIES = new Set<unknown>(['slow', 'huge', 'down', 'garbage'] satisfies AnswerLie[])
const HUGE_CHUNKS = 1024
const CHUNK = ' '.repeat(64 * 1024)
const TRICKLE_MS = 100

/** Holds the current lies of the sandbox; none at first. */
export class Liar {
  lies: Lies = {}

  /** Middleware that answers with a lie if there is one for this endpoint. */
  at(endpoint: Endpoint): RequestHandler {
    return (_req, res, next) => {
      switch (this.lies.answers?.[endpoint]) {
        case 'down':
          res.status(503).json({ error: 'temporarily_unavailable' })
          return
        case 'garbage':
          res.type('json').send('<html>not what you asked for</html>')
          return
        case 'slow':
          res.type('json')
          trickle(res)
          return
        case 'huge':
          res.type('json')
          pour(res, HUGE_CHUNKS)
          return
        case undefined:
          next()
      }
    }
  }
}

/**
 * Reads lies from JSON.
 *
 * @returns undefined if they are invalid.
 */
export function parseLies(body: unknown): Lies | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { idToken, answers = {} } = body as Record<string, unknown>
  if (idToken !== undefined && !ID_TOKEN_LIES.has(idToken)) return undefined
  if (typeof answers !== 'object' || answers === null) return undefined
  const entries = Object.entries(answers as Record<string, unknown>)
  if (!entries.every(([endpoint, lie]) => ENDPOINTS.has(endpoint) && ANSWER_LIES.has(lie))) return undefined
  return { idToken: idToken as IdTokenLie | undefined, answers: Object.fromEntries(entries) as Lies['answers'] }
}

type Output = Parameters<RequestHandler>[1]

function trickle(res: Output): void {
  const timer = setInterval(() => res.write(' '), TRICKLE_MS)
  res.once('close', () => clearInterval(timer))
}

function pour(res: Output, chunks: number): void {
  let left = chunks
  while (left > 0 && !res.destroyed) {
    left -= 1
    if (res.write(CHUNK)) continue
    res.once('drain', () => pour(res, left))
    return
  }
  res.end('{}')
}
