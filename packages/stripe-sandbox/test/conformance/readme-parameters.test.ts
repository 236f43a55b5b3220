import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { REFUSED_ANYWHERE } from '../../src/http/refusals.ts'
import { isAlways, WITHOUT_EFFECT } from '../../src/http/without-effect.ts'
import { countParameters } from '../parameter-counts.ts'

test('the README lists the parameters that are accepted without an effect, and those that are refused', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const rows = Object.entries(WITHOUT_EFFECT).map(([route, names]) => {
    const shown = Object.entries(names).map(([name, harmless]) => `\`${name}\`${isAlways(harmless) ? '' : '*'}`)
    return `| \`${route}\` | ${shown.toSorted().join(', ')} |`
  })
  expect(readme).toContain(`|---|---|\n${rows.join('\n')}\n\n## Controls for programs`)
  const refused = REFUSED_ANYWHERE.map((name) => `\`${name}\``).join(', ')
  expect(readme.replaceAll(/\s+/g, ' ')).toContain(`Wherever they are: ${refused}.`)
})

test('every parameter that Stripe knows is acted on, accepted or refused as Stripe does; the counts are printed', () => {
  const rows = [...countParameters()].map(([resource, counts]) => ({ resource, ...counts }))
  const names = ['routes', 'known', 'actedOn', 'accepted', 'refused', 'unsupported'] as const
  const sums = names.map((name) => rows.reduce((total, row) => total + row[name], 0))
  const lines = [...rows.map((row) => [row.resource, ...names.map((name) => row[name])]), ['all', ...sums]]
  process.stdout.write(`${[['resource', ...names], ...lines].map((line) => line.join('\t')).join('\n')}\n`)
  expect(sums.at(-1)).toBe(0)
})
