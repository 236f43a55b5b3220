import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isAlways, WITHOUT_EFFECT } from '../../src/http/without-effect.ts'

test('the README lists the parameters that are accepted without an effect', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const rows = Object.entries(WITHOUT_EFFECT).map(([route, names]) => {
    const shown = Object.entries(names).map(([name, harmless]) => `\`${name}\`${isAlways(harmless) ? '' : '*'}`)
    return `| \`${route}\` | ${shown.toSorted().join(', ')} |`
  })
  expect(readme).toContain(`|---|---|\n${rows.join('\n')}\n\n## Controls for programs`)
})
