import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'

const SOURCE = join(import.meta.dirname, '../src')
/** Names are the same in every language, and `Enter` and `Escape` are keys. */
const NO_TEXTS =
  /^(Enter|Escape|Bearer|&nbsp;|Tollgate|Google|GitHub|Edge|Opera|Samsung Internet|Firefox|Chrome|ChromeOS|Safari|Android|Windows|Mac|Linux)$/

test('every text that people read comes from the catalogue', () => {
  const files = globSync('**/*.{ts,tsx}', { cwd: SOURCE }).filter(
    (file) => !/(^|\/)texts\/|\.test\.tsx?$|\.d\.ts$/.test(file),
  )
  const found = files.flatMap((file) => {
    const code = readFileSync(join(SOURCE, file), 'utf8')
    const texts: string[] = []
    collectTexts(parseSync(file, code).program, texts)
    return texts.map((text) => `${file}: ${text}`)
  })
  expect(found).toEqual([])
})

/** Collects texts of JSX, and string literals that begin like a sentence or a label. */
function collectTexts(node: unknown, texts: string[]): void {
  if (Array.isArray(node)) {
    for (const each of node) collectTexts(each, texts)
    return
  }
  if (!isNode(node)) return
  if (IS_NOT_READ.has(node.type)) return
  const text = textOf(node)
  if (text !== null && /^\s*\p{Lu}\p{Ll}/u.test(text) && !NO_TEXTS.test(text.trim())) texts.push(text.trim())
  else if (node.type === 'JSXText' && text !== null && !NO_TEXTS.test(text.trim()) && /\p{L}{2}/u.test(text))
    texts.push(text.trim())
  for (const child of Object.values(node)) collectTexts(child, texts)
}

/** Messages of thrown errors are for developers. */
const IS_NOT_READ = new Set(['ImportDeclaration', 'ImportExpression', 'ThrowStatement', 'TSLiteralType'])

function textOf(node: Node): string | null {
  if (node.type === 'JSXText' || node.type === 'Literal')
    return typeof node['value'] === 'string' ? node['value'] : null
  if (node.type !== 'TemplateElement') return null
  const { value } = node
  return isRecord(value) && typeof value['cooked'] === 'string' ? value['cooked'] : null
}

type Node = Record<string, unknown> & { type: string }
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isNode = (value: unknown): value is Node => isRecord(value) && typeof value['type'] === 'string'
