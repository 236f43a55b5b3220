import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, test, vi } from 'vitest'

const CONSOLE = join(import.meta.dirname, '..')
const KB = 1000
/** Gzipped as the server sends it: the page that a visitor sees first, and those that links lead to. */
const MAX_KB = { 'pages/welcome.tsx': 150, 'pages/plans.tsx': 160, 'pages/sign-up.tsx': 160, 'pages/log-in.tsx': 160 }
const CUSTOMERS_PAGES = Object.keys(MAX_KB)

let chunks: Rolldown.OutputChunk[]

beforeAll(async () => {
  // Tests run with NODE_ENV=test, for which React has its larger code for development.
  vi.stubEnv('NODE_ENV', 'production')
  const built = await build({ root: CONSOLE, logLevel: 'silent', build: { write: false } })
  vi.unstubAllEnvs()
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []))
  chunks = outputs.filter((output) => output.type === 'chunk')
})

test.each(Object.entries(MAX_KB))('a visitor whose first page is %s loads at most %d kB of script', (page, max) => {
  const loaded = loadedFor('index.html', page)
  const size = loaded.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
  expect(size / KB).toBeLessThanOrEqual(max)
})

test('no page of the customers loads the code of the operators', () => {
  const loaded = CUSTOMERS_PAGES.flatMap((page) => loadedFor('index.html', page))
  const modules = loaded.flatMap(({ moduleIds }) => moduleIds)
  expect(modules.filter((id) => id.includes('/src/admin/'))).toEqual([])
})

/** The chunks that some modules need, with everything that those import. */
function loadedFor(...modules: string[]): Rolldown.OutputChunk[] {
  const loaded = new Set<string>()
  const load = (fileName: string) => {
    if (loaded.has(fileName)) return
    loaded.add(fileName)
    for (const each of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? []) load(each)
  }
  for (const module of modules) {
    const chunk = chunks.find(({ facadeModuleId, isEntry, isDynamicEntry }) => {
      return (isEntry || isDynamicEntry) && facadeModuleId?.endsWith(`/${module}`)
    })
    if (!chunk) throw new Error(`no chunk for ${module}`)
    load(chunk.fileName)
  }
  return chunks.filter(({ fileName }) => loaded.has(fileName))
}
