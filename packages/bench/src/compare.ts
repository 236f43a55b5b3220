import type { Figure } from './figures.ts'
import { median } from './load.ts'

export interface Comparison {
  title: string
  ours: number
  ceiling: number
  ratio: number
  /** The lowest and the highest ratio of a round. */
  range: [number, number]
  verdict: Verdict
}

export type Verdict = 'holds' | 'below the mark' | 'WRONG'

/**
 * Measures ours and the ceiling in turn, so that whatever else the machine does falls on both; after a warm-up, which
 * does not count.
 *
 * @param milliseconds of each stretch.
 * @returns medians over the rounds.
 */
export async function compare(
  figure: Figure,
  { rounds, milliseconds }: { rounds: number; milliseconds: number },
): Promise<Comparison> {
  await figure.ceiling(milliseconds / 2)
  await figure.ours(milliseconds / 2)
  const pairs: { ours: number; ceiling: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const ceiling = await figure.ceiling(milliseconds)
    pairs.push({ ours: await figure.ours(milliseconds), ceiling })
  }
  const ratios = pairs.map(({ ours, ceiling }) => ours / ceiling)
  const ratio = median(ratios)
  return {
    title: figure.title,
    ours: median(pairs.map(({ ours }) => ours)),
    ceiling: median(pairs.map(({ ceiling }) => ceiling)),
    ratio,
    range: [Math.min(...ratios), Math.max(...ratios)],
    verdict: ratio < figure.wrongBelow ? 'WRONG' : ratio < figure.mark ? 'below the mark' : 'holds',
  }
}
