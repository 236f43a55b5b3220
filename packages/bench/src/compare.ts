import type { Figure } from './figures.ts'
import { median } from './load.ts'

export interface Comparison {
  title: string
  server: number
  ceiling: number
  ratio: number
  /** The lowest and the highest ratio of a round. */
  range: [number, number]
  /** The target for the ratio. */
  mark: number
  verdict: Verdict
}

export type Verdict = 'ok' | 'slow' | 'FAILED'

/**
 * Measures the server and its ceiling in turn, after a warm-up, so that other work on the machine slows down both.
 *
 * @param milliseconds how long each measurement takes.
 * @returns the medians over all rounds.
 */
export async function compare(
  figure: Figure,
  { rounds, milliseconds }: { rounds: number; milliseconds: number },
): Promise<Comparison> {
  await figure.ceiling(milliseconds / 2)
  await figure.server(milliseconds / 2)
  const pairs: { server: number; ceiling: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const ceiling = await figure.ceiling(milliseconds)
    pairs.push({ server: await figure.server(milliseconds), ceiling })
  }
  const ratios = pairs.map(({ server, ceiling }) => server / ceiling)
  const ratio = median(ratios)
  return {
    title: figure.title,
    server: median(pairs.map(({ server }) => server)),
    ceiling: median(pairs.map(({ ceiling }) => ceiling)),
    ratio,
    range: [Math.min(...ratios), Math.max(...ratios)],
    mark: figure.mark,
    verdict: ratio < figure.wrongBelow ? 'FAILED' : ratio < figure.mark ? 'slow' : 'ok',
  }
}
