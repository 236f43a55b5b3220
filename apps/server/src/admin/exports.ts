import { figuresExports } from './figures.exports.ts'
import type { ExportList } from './lists/export-list.ts'
import { moneyExports } from './money.exports.ts'
import { peopleExports } from './people.exports.ts'
import { systemExports } from './system.exports.ts'

/** Every list that operators can download as CSV. */
export const exports: readonly ExportList[] = [...figuresExports, ...peopleExports, ...moneyExports, ...systemExports]
