import { expect, test } from 'vitest'
import { isLong } from '../../../test/long.ts'
import { createTestApp } from '../../../test/test-app.ts'

/** Enough to find a password that is not hashed at all. On a busy machine, chance alone shows a difference now and then. */
const FEW_PAIRS = 20
/** Enough to find smaller differences, and to tell them from chance. */
const PAIRS = 60

test('a login takes as long for an unknown address as for a wrong password', async () => {
  await using app = await createTestApp({}, { worker: false, strongHashes: true })
  const user = await app.aUser()
  const { api } = app.client()
  const timed = async (email: string) => {
    const start = performance.now()
    await api.auth.login.mutate({ email, password: 'wrong password' }).catch(() => undefined)
    return performance.now() - start
  }
  const compare = async (pairs: number) => {
    const known: number[] = []
    const unknown: number[] = []
    for (let pair = 0; pair < pairs + 5; pair++) {
      // Interleaved in alternating order, so that other load on the machine affects both equally.
      const order = pair % 2 === 0 ? [known, unknown] : [unknown, known]
      for (const times of order) times.push(await timed(times === known ? user.email : `nobody${pair}@example.com`))
    }
    const [a, b] = [known.slice(5), unknown.slice(5)]
    const difference = Math.abs(median(a) - median(b)) / Math.max(median(a), median(b))
    const p = rankTest(a, b)
    return { difference, p, isDifferent: difference > 0.1 && p < 0.01 }
  }
  const first = await compare(isLong ? PAIRS : FEW_PAIRS)
  const { difference, p, isDifferent } = first.isDifferent && !isLong ? await compare(PAIRS) : first
  expect(isDifferent, `medians differ by ${(difference * 100).toFixed(1)} %, p = ${p.toFixed(4)}`).toBe(false)
}, 90_000)

function median(values: number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0
}

/** The two-sided p of the Mann-Whitney test, by its normal approximation. */
function rankTest(a: number[], b: number[]): number {
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))]
  const sorted = all.toSorted((x, y) => x.value - y.value)
  const rankSum = sorted.reduce((sum, { first }, index) => sum + (first ? index + 1 : 0), 0)
  const u = rankSum - (a.length * (a.length + 1)) / 2
  const sd = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12)
  const z = Math.abs(u - (a.length * b.length) / 2) / sd
  return 2 * (1 - normalCdf(z))
}

/** Abramowitz and Stegun 26.2.17. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  const tail =
    density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return 1 - tail
}
