import { isLong } from '@tollgate/test-browser/long'
import { test } from 'vitest'

export { isLong }

/** Cases of one property: the first few in `npm test`, all of them in `npm run test:long`. */
export function firstOf<const Case>(count: number, cases: readonly Case[]): readonly Case[] {
  return isLong ? cases : cases.slice(0, count)
}

/** A test that only `npm run test:long` runs, because a cheaper one shows the same in `npm test`. */
export const longTest: (name: string, run: () => void | Promise<void>, timeout?: number) => void = isLong
  ? test
  : () => {}
