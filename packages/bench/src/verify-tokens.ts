import { once } from 'node:events'
import { createTollgateServer } from '@tollgate/server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Verdict } from './compare.ts'
import { median } from './load.ts'

const TOKENS = 2_000
/** Targets, in microseconds. */
const FIRST = { mark: 150, wrongAbove: 2_000 }
const SEEN = { mark: 5, wrongAbove: 100 }
const BACKEND = 'https://api.example.com'
const SERVICE_KEY = `tgsk_${'k'.repeat(43)}`

/**
 * Measures how long `@tollgate/server` takes to verify a token that it sees for the first time, and one that it has seen,
 * while it follows the list of ended sessions. Beside the first stands its ceiling: WebCrypto's bare check of the signature.
 */
export async function measureVerify(): Promise<Verdict[]> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }
  const at = Math.floor(Date.now() / 1_000)
  const claims = { iss: BACKEND, aud: 'tollgate', purpose: 'access', iat: at, exp: at + 900, ver: true, adm: false }
  const makeToken = () =>
    new SignJWT({ ...claims, jti: crypto.randomUUID(), sub: crypto.randomUUID(), sid: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'bench' })
      .sign(privateKey)
  const tokens = await Promise.all(Array.from({ length: 2 * TOKENS }, makeToken))

  const server = createTollgateServer({ url: BACKEND, serviceKey: SERVICE_KEY, fetch: answerAs([jwk]) })
  const verify = async (token: string) => {
    const verified = await server.verify(token)
    if (!verified.ok) throw new Error(verified.message)
  }
  const bare = async (token: string) => {
    const end = token.lastIndexOf('.')
    const signature = Buffer.from(token.slice(end + 1), 'base64url')
    const signed = Buffer.from(token.slice(0, end))
    const isRight = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, signature, signed)
    if (!isRight) throw new Error('The signature is wrong.')
  }

  const [warmUp, measured] = [tokens.slice(0, TOKENS), tokens.slice(TOKENS)]
  await times(warmUp, bare, verify)
  // By turns, so that other work on the machine slows down both.
  const [ceiling = 0, first = 0] = (await times(measured, bare, verify)).map(median)
  await times(measured, verify)
  const [seen = 0] = (await times(measured, verify)).map(median)
  server.close()

  const verdicts = [judge(first, FIRST), judge(seen, SEEN)]
  console.log(
    `  @tollgate/server verifies a new token: p50 ${us(first)} (target ${us(FIRST.mark)}), bare WebCrypto ${us(ceiling)}  ${verdicts[0]}`,
  )
  console.log(`  @tollgate/server verifies a known token: p50 ${us(seen)} (target ${us(SEEN.mark)})  ${verdicts[1]}`)
  return verdicts
}

/** How long each way took for each token, in microseconds. */
async function times(tokens: readonly string[], ...ways: ((token: string) => Promise<void>)[]): Promise<number[][]> {
  const took = ways.map((): number[] => [])
  for (const token of tokens) {
    for (const [index, verify] of ways.entries()) {
      const before = performance.now()
      await verify(token)
      took[index]?.push((performance.now() - before) * 1_000)
    }
  }
  return took
}

/** Answers as a backend with these public keys, at which no session ends. */
function answerAs(keys: object[]): typeof fetch {
  return async (input, init) => {
    const { pathname, searchParams } = new URL(input instanceof Request ? input.url : input)
    if (pathname === '/.well-known/jwks.json') return Response.json({ keys })
    if (Number(searchParams.get('wait')) > 0 && init?.signal) await once(init.signal, 'abort')
    return Response.json({ sessions: [], cursor: '1' })
  }
}

const us = (microseconds: number) => `${microseconds.toFixed(1)} µs`

function judge(value: number, { mark, wrongAbove }: { mark: number; wrongAbove: number }): Verdict {
  return value > wrongAbove ? 'FAILED' : value > mark ? 'slow' : 'ok'
}

if (import.meta.main) await measureVerify()
