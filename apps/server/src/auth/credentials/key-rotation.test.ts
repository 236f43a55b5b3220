import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import jwt from 'jsonwebtoken'
import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../platform/durations.ts'
import { signingKeysIn, type PublicJwk } from '../../platform/signing-keys.ts'
import { createTokens, type Tokens } from './tokens.ts'

const LIFETIME = 15 * MINUTE
/** How long a copy of the public keys may be kept. */
const MAX_AGE = 5 * MINUTE

const newKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .toString('base64')
const [A, B] = [newKey(), newKey()]
const SECRET = 'an access secret that is 32 bytes long'

/** What verifies, the first of which signs: keys, and a secret at the front or at the end. */
type Ring = readonly ('A' | 'B' | 'secret')[]
const RINGS: Ring[] = [
  ...[['secret'], ['secret', 'A'], ['A', 'secret'], ['A'], ['A', 'B'], ['B', 'A'], ['B'], ['B', 'secret']],
  ...[
    ['secret', 'B'],
    ['secret', 'A', 'B'],
    ['A', 'B', 'secret'],
    ['B', 'A', 'secret'],
  ],
] as Ring[]

function tokensOf(ring: Ring): Tokens {
  const keys = ring.flatMap((name) => (name === 'secret' ? [] : [{ A, B }[name]]))
  return createTokens({
    accessKeys:
      keys.length > 0 ? signingKeysIn([...(ring[0] === 'secret' ? ['hmac'] : []), ...keys].join()) : undefined,
    accessSecrets: ring.includes('secret') ? [SECRET] : [],
    refreshSecrets: ['a refresh secret that is 32 bytes long'],
    validationSecrets: ['a validation secret of 32 bytes or so'],
    algorithm: 'HS256',
    issuer: 'https://api.example.com',
    audience: 'tollgate',
  })
}

/** Two processes, a program that verifies by a copy of the public keys, and the tokens that are valid. */
class World {
  now = Date.parse('2026-11-24T12:00:00Z')
  readonly processes: { ring: Ring; tokens: Tokens; knows: Map<string, number>; signedUntil: Map<string, number> }[]
  #copy: { keys: readonly PublicJwk[]; at: number }
  readonly #valid: { token: string; until: number; isEs256: boolean }[] = []

  constructor(ring: Ring) {
    this.processes = [0, 1].map(() => {
      const knows = new Map(ring.map((name) => [name as string, this.now]))
      return { ring, tokens: tokensOf(ring), knows, signedUntil: new Map<string, number>() }
    })
    this.#copy = { keys: this.process(0).tokens.publicKeys, at: this.now }
  }

  process(nth: number) {
    const process = this.processes[nth]
    if (!process) throw new Error('There are two processes.')
    return process
  }

  /** The rules of a rotation: publish a key before it signs, and keep it until its last token has expired. */
  allows(nth: number, next: Ring): boolean {
    const { ring } = this.process(nth)
    const isKnown = (name: string) =>
      this.processes.every(({ knows }) => this.now - (knows.get(name) ?? this.now) >= MAX_AGE)
    const isUsed = (name: string) =>
      this.processes.some((each) => each.ring[0] === name || this.now - (each.signedUntil.get(name) ?? 0) < LIFETIME)
    const [first = ''] = next
    return (first === ring[0] || isKnown(first)) && ring.every((name) => next.includes(name) || !isUsed(name))
  }

  /** Restarts a process with other settings. */
  configure(nth: number, next: Ring): void {
    const process = this.process(nth)
    process.signedUntil.set(process.ring[0] ?? '', this.now)
    for (const name of next) if (!process.ring.includes(name)) process.knows.set(name, this.now)
    for (const name of process.ring) if (!next.includes(name)) process.knows.delete(name)
    Object.assign(process, { ring: next, tokens: tokensOf(next) })
  }

  issue(nth: number): void {
    const { ring, tokens } = this.process(nth)
    const claims = { userId: randomUUID(), sessionId: randomUUID(), isVerified: true, isAdmin: false }
    const { token, expiresAt } = tokens.signAccess(claims, new Date(this.now), LIFETIME)
    this.#valid.push({ token, until: expiresAt.getTime(), isEs256: ring[0] !== 'secret' })
  }

  fetch(nth: number): void {
    this.#copy = { keys: this.process(nth).tokens.publicKeys, at: this.now }
  }

  /** Who refuses a valid token. */
  refusals(): string[] {
    if (this.now - this.#copy.at >= MAX_AGE) this.fetch(this.now % 2)
    const live = this.#valid.filter(({ until }) => until > this.now)
    return live.flatMap(({ token, isEs256 }) => [
      ...this.processes.flatMap(({ tokens }, nth) =>
        tokens.verifyAccess(token, new Date(this.now)).ok ? [] : [`process ${nth}`],
      ),
      ...(isEs256 && !isVerifiedBy(this.#copy.keys, token) ? ['the other program'] : []),
    ])
  }
}

const checked = new Map<string, string>()
/** Checks a signature once, and after that only whether its key is there. */
function isVerifiedBy(keys: readonly PublicJwk[], token: string): boolean {
  const kid = checked.get(token) ?? jwt.decode(token, { complete: true })?.header.kid
  const jwk = keys.find((key) => key.kid === kid)
  if (!jwk) return false
  if (!checked.has(token)) {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    jwt.verify(token, key, { algorithms: ['ES256'], ignoreExpiration: true })
    checked.set(token, jwk.kid)
  }
  return true
}

const nth = fc.integer({ min: 0, max: 1 })
const act = fc.oneof(
  fc.record({ kind: fc.constant('configure' as const), nth, ring: fc.constantFrom(...RINGS) }),
  fc.record({ kind: fc.constant('issue' as const), nth }),
  fc.record({ kind: fc.constant('fetch' as const), nth }),
  fc.record({ kind: fc.constant('wait' as const), for: fc.constantFrom(1, MINUTE, 4 * MINUTE, MAX_AGE, LIFETIME) }),
)

describe('a rotation of keys', () => {
  test('refuses no valid token, in any order of steps, logins and checks', () => {
    let steps = 0
    const story = fc.array(act, { minLength: 20, maxLength: 60, size: 'max' })
    fc.assert(
      fc.property(fc.constantFrom(...RINGS), story, (ring, acts) => {
        const world = new World(ring)
        for (const each of acts) {
          if (each.kind === 'wait') world.now += each.for
          else if (each.kind === 'issue') world.issue(each.nth)
          else if (each.kind === 'fetch') world.fetch(each.nth)
          else if (world.allows(each.nth, each.ring)) {
            if (world.process(each.nth).ring !== each.ring) steps++
            world.configure(each.nth, each.ring)
            world.issue(each.nth)
          }
          expect(world.refusals()).toEqual([])
        }
      }),
      { numRuns: 30 },
    )
    expect(steps).toBeGreaterThan(30)
  })

  test.each<[string, Ring[], number[]]>([
    ['to another key', [['A'], ['A', 'B'], ['B', 'A'], ['B']], [0, MAX_AGE, LIFETIME]],
    ['from a secret to a key', [['secret'], ['secret', 'A'], ['A', 'secret'], ['A']], [0, MAX_AGE, LIFETIME]],
    ['from a key to a secret', [['A'], ['A', 'secret'], ['secret', 'A'], ['secret']], [0, MAX_AGE, LIFETIME]],
  ])('%s follows these rules as the guide describes it', (_, [start = [], ...rings], waits) => {
    const world = new World(start)
    for (const [step, ring] of rings.entries()) {
      world.now += waits[step] ?? 0
      for (const each of [0, 1]) {
        expect(world.allows(each, ring)).toBe(true)
        world.configure(each, ring)
        for (const either of [0, 1]) world.issue(either)
        expect(world.refusals()).toEqual([])
        world.now += MINUTE // one process after the other
      }
    }
  })

  test.each<[string, Ring[], string[]]>([
    ['a key that signs before everyone knows it', [['A'], ['B', 'A']], ['process 1', 'the other program']],
    ['a key that goes before its tokens', [['A', 'B'], ['B', 'A'], ['B']], ['process 0']],
  ])('shows in this test: %s is a gap', (_, [start = [], ...rings], who) => {
    const world = new World(start)
    world.issue(0)
    const refusals = rings.flatMap((ring) => {
      expect(world.allows(0, ring)).toBe(false)
      world.configure(0, ring)
      world.issue(0)
      return world.refusals()
    })
    expect(refusals).toEqual(expect.arrayContaining(who))
  })
})
