import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOAuthApp, type OAuthTestApp } from '../oauth.ts'
import type { TestApp } from '../test-app.ts'
import { furnish } from './furnish.ts'
import { heapInUse } from './heap.ts'
import type { Known } from './inputs.ts'
import { complaintsAbout, reasonIn } from './judge.ts'
import { keepLogins } from './logins.ts'
import { requestTo, type FuzzRequest } from './requests.ts'
import { targetsOf } from './targets.ts'
import { send, watchStripe, type Answer, type StripeWatch } from './wire.ts'

const MINUTE = 60_000
/** How many megabytes the heap of server, sandboxes, and test may grow after every target was called. */
const HEADROOM = 24

/**
 * Sends every procedure and route of the server wrong requests, and a few right ones. The requests are made from the
 * seed alone. `TOLLGATE_SEED=n` sends the same requests again and logs errors.
 */
export function describeFuzz({ requests, seed: usual }: { requests: number; seed: number }): void {
  const { TOLLGATE_SEED: asked } = process.env
  const seed = asked ? Number(asked) : usual

  describe('any request', () => {
    let watch: StripeWatch
    let running: OAuthTestApp
    let known: Known
    beforeAll(async () => {
      watch = await watchStripe()
      running = await createOAuthApp({ STRIPE_API_URL: watch.url, LOG_LEVEL: asked ? 'error' : 'silent' })
      watch.target = running.app.stripe.url
      known = await furnish(running.app)
    }, MINUTE)
    afterAll(async () => {
      await running[Symbol.asyncDispose]()
      await watch[Symbol.asyncDispose]()
    })

    test(
      `causes no server error and reveals nothing internal (TOLLGATE_SEED=${seed}, ${requests} requests)`,
      async () => {
        const { app } = running
        const targets = targetsOf(app)
        const logins = keepLogins(app)
        const complaints: string[] = []
        const outcomes = new Map<string, number>()
        const fine = new Set<string>()
        const heap: number[] = []
        for (let n = 0; n < requests; n++) {
          const target = targets[n % targets.length]
          if (!target) continue
          if (n % Math.max(requests / 10, 2 * targets.length) === 2 * targets.length) heap.push(heapInUse())
          const [request] = fc.sample(requestTo(target, targets, known), { seed: seed + n, numRuns: 1 })
          if (!request) continue
          const answer = await send(app.url, request, await logins.of(request.who))
          const refusals = watch.takeRefusals()
          const reason = reasonIn(answer)
          count(outcomes, `${answer.status} ${reason}`)
          if (reason === 'ok' && answer.status < 400) fine.add(target.name)
          if (['INVALID_TOKEN', 'ACCOUNT_DISABLED', 'ADMIN_ONLY', 'EMAIL_NOT_VERIFIED'].includes(reason))
            logins.renew(request.who)
          for (const complaint of complaintsAbout(request, answer, refusals))
            complaints.push(`${n}: ${describeRequest(request)} ${complaint}: ${describeAnswer(answer)}`)
        }

        heap.push(heapInUse())
        report({ seed, requests, targets: targets.map(({ name }) => name), fine, outcomes, heap })
        expect(complaints.slice(0, 20), `${complaints.length} complaints`).toEqual([])
        expect(Reflect.get({}, 'polluted')).toBeUndefined()
        expect(Object.keys(Object.prototype)).toEqual([])
        await expectToServe(app)
        expect((heap.at(-1) ?? 0) - (heap[0] ?? 0)).toBeLessThan(HEADROOM)
      },
      30 * MINUTE,
    )
  })
}

async function expectToServe(app: TestApp): Promise<void> {
  for (const path of ['/healthz', '/readyz', '/openapi.json', '/metrics'])
    expect([path, (await fetch(`${app.url}${path}`)).status]).toEqual([path, 200])
  const user = await app.aUser()
  const { api } = await app.as(user)
  expect(await api.auth.me.query()).toMatchObject({ email: user.email })
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

interface Report {
  seed: number
  requests: number
  targets: readonly string[]
  fine: ReadonlySet<string>
  outcomes: ReadonlyMap<string, number>
  heap: readonly number[]
}

function report({ seed, requests, targets, fine, outcomes, heap }: Report): void {
  const often = [...outcomes].toSorted(([, one], [, other]) => other - one).map(([what, times]) => `${what} ${times}`)
  const never = targets.filter((name) => !fine.has(name))
  const reached = targets.length - never.length
  process.stdout.write(
    [
      `TOLLGATE_SEED=${seed}: ${requests} requests to ${targets.length} procedures and routes`,
      `  answers: ${often.join(', ')}`,
      `  ${reached} of them succeeded at least once${reached * 2 > targets.length ? `, never ${never.join(', ') || 'none'}` : ''}`,
      `  heap, MB: ${heap.map((megabytes) => megabytes.toFixed(0)).join(' ')}`,
      '',
    ].join('\n'),
  )
}

function describeRequest({ who, method, path, headers, body }: FuzzRequest): string {
  const length = body === undefined ? '' : ` (${body.length} bytes: ${JSON.stringify(body.slice(0, 200))})`
  return `${who} ${method} ${path.slice(0, 200)} ${JSON.stringify(headers).slice(0, 200)}${length}`
}

const describeAnswer = ({ status, headers, body }: Answer): string =>
  `${status} ${headers['content-type'] ?? ''} ${body.slice(0, 300)}`
