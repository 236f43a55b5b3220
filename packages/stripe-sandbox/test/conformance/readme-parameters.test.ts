import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isAlways, WITHOUT_EFFECT } from '../../src/http/without-effect.ts'
import { countParameters } from '../parameter-counts.ts'

test('the README lists the parameters that are accepted without an effect', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const rows = Object.entries(WITHOUT_EFFECT).map(([route, names]) => {
    const shown = Object.entries(names).map(([name, harmless]) => `\`${name}\`${isAlways(harmless) ? '' : '*'}`)
    return `| \`${route}\` | ${shown.toSorted().join(', ')} |`
  })
  expect(readme).toContain(`|---|---|\n${rows.join('\n')}\n\n## Controls for programs`)
})

test('of the parameters that Stripe knows, few are refused; the counts by resource are printed', () => {
  const counts = countParameters()
  const rows = [...counts].map(([resource, { routes, known, actedOn, accepted, refused }]) => ({
    ...{ resource, routes, known, actedOn, accepted, refused },
  }))
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0)
  const total = {
    resource: 'all',
    routes: sum((row) => row.routes),
    known: sum((row) => row.known),
    actedOn: sum((row) => row.actedOn),
    accepted: sum((row) => row.accepted),
    refused: sum((row) => row.refused),
  }
  const text = [...rows, total].map((row) => Object.values(row).join('\t')).join('\n')
  process.stdout.write(`resource\troutes\tknown\tacted on\taccepted\trefused\n${text}\n`)
  expect(total.refused / total.known).toBeLessThan(0.25)
})
