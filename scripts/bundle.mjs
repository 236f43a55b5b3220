// Builds the sandbox in the current folder for npm: one bundle without dependencies, which starts fast and installs
// offline, the types of its exports, and the licenses of the packages in the bundle.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const TSC = fileURLToPath(new URL('../node_modules/.bin/tsc', import.meta.url))
const DIST = resolve('dist')
const TYPES = join(DIST, 'types')

rmSync(DIST, { recursive: true, force: true })
const bundle = await rolldown({
  input: { cli: 'src/cli.ts', index: 'src/index.ts' },
  platform: 'node',
  transform: { target: 'node20' },
})
const { output } = await bundle.write({
  dir: DIST,
  format: 'esm',
  minify: { compress: true, mangle: false },
  chunkFileNames: 'start.js',
})
writeFileSync(join(DIST, 'licenses.txt'), licensesOf(output.flatMap(({ moduleIds = [] }) => moduleIds)))

execFileSync(TSC, ['-p', 'tsconfig.build.json', '--outDir', TYPES], { stdio: 'inherit' })
const needed = new Set()
keepTypes(join(TYPES, 'index.d.ts'))
for (const file of readdirSync(TYPES, { recursive: true, encoding: 'utf8' }).map((name) => join(TYPES, name)))
  if (file.endsWith('.d.ts') && !needed.has(file)) rmSync(file)

/** Marks a declaration file and all those that it imports, and names JavaScript files in their place. */
function keepTypes(file) {
  if (needed.has(file)) return
  needed.add(file)
  const text = readFileSync(file, 'utf8')
  for (const [, name = ''] of text.matchAll(/from '(\.[^']*)\.ts'/g)) keepTypes(join(dirname(file), `${name}.d.ts`))
  writeFileSync(file, text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
}

function licensesOf(modules) {
  const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []))
  const texts = Array.from(folders, (folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
    if (!file) throw new Error(`${name} has no license.`)
    return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}
