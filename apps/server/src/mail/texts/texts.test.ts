import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const MAIL = join(import.meta.dirname, '..')
const TEMPLATES = globSync(['templates/*.ts', 'format*.ts', 'render.ts'], { cwd: MAIL }).filter(
  (path) => !path.endsWith('.test.ts'),
)

/** The strings in a source file, without imports and comments, and without the values that a template string inserts. */
function stringsIn(source: string): string[] {
  const code = source.replaceAll(/^import .*$/gm, '').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  const templates = [...code.matchAll(/`((?:[^`\\]|\\.)*)`/g)].map(([, text = '']) =>
    text.replaceAll(/\$\{[^}]*\}/g, ''),
  )
  const quoted = [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/g)].map(([, a, b]) => a ?? b ?? '')
  return [...templates, ...quoted]
}

/** A word that starts with a capital, or two words. Keys, paths and units have neither. */
const PROSE = /(?<!\p{L})\p{Lu}\p{Ll}|\p{L}{2,} \p{L}{2,}/u

test.each(TEMPLATES)('%s has no words of its own: they are in the catalogue', (path) => {
  expect(stringsIn(readFileSync(join(MAIL, path), 'utf8')).filter((text) => PROSE.test(text))).toEqual([])
})

test('the check for words finds them', () => {
  const found = stringsIn(
    `import x from 'A b'\n// It is so.\nconst a = \`Hello \${name}, \`\nconst b = 'pay now'\nconst c = 'day'`,
  )
  expect(found.filter((text) => PROSE.test(text))).toEqual(['Hello , ', 'pay now'])
})

test('the layout has no words of its own', () => {
  const body = readFileSync(join(MAIL, 'layout/layout.mjml'), 'utf8').split('<mj-body')[1] ?? ''
  const shown = body
    .replaceAll(/\{\{.*?\}\}/gs, '')
    .replace(/^[^>]*>/, '')
    .replaceAll(/<[^>]*>/g, '')
  expect(shown.replaceAll(/[\s,]/g, '')).toBe('')
})
