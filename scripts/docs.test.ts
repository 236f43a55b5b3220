import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const DOCS = join(import.meta.dirname, '../docs')
const read = (path: string) => readFileSync(join(DOCS, path), 'utf8')
const pagesIn = (folder: string) =>
  readdirSync(join(DOCS, folder)).filter((name) => name.endsWith('.md') && !/^(?:README|0000-template)\.md$/.test(name))
const linked = (page: string) => [...page.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => name)

test('the index of the contract has every page', () => {
  const [, table = ''] = read('contract/README.md').split('## Pages')
  expect(new Set(linked(table))).toEqual(new Set(pagesIn('contract')))
})

test('the index of the decisions has the title of every record', () => {
  const lines = pagesIn('decisions').map((name) => {
    const [, number = '', title = ''] = /^# (\d{4}): (.+)$/m.exec(read(`decisions/${name}`)) ?? []
    return `- [${number}](${name}): ${title}`
  })
  expect(read('decisions/README.md').match(/^- .+$/gm)).toEqual(lines.toSorted())
})
