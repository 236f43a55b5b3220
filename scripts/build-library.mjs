// Builds the package in the current folder for npm, twice: as ES modules, and as CommonJS with its own types, for
// `require` on Node 20 and for TypeScript's older ways to resolve modules. The CommonJS build contains the packages that
// are named as arguments, because they exist only as ES modules.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'

const BUNDLED = process.argv.slice(2)
const DIST = resolve('dist')
const CJS = join(DIST, 'cjs')
const { dependencies = {}, peerDependencies = {}, publishConfig } = JSON.parse(readFileSync('package.json', 'utf8'))

rmSync(DIST, { recursive: true, force: true })
compile('--outDir', DIST)
compile('--outDir', CJS, '--emitDeclarationOnly')
const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).map((file) => join(DIST, file))
for (const file of files.filter((each) => each.endsWith('.d.ts'))) nameJavaScript(file)

const isClient = files.some((file) => file.endsWith('.js') && readFileSync(file, 'utf8').startsWith("'use client'"))
const bundle = await rolldown({
  input: Object.fromEntries(entries().map((file) => [file.replace(/\.js$/, ''), join(DIST, file)])),
  external: Object.keys({ ...dependencies, ...peerDependencies })
    .filter((name) => !BUNDLED.includes(name))
    .map((name) => new RegExp(`^${name}(?:/|$)`)),
  platform: 'neutral',
  // It does not keep 'use client' where it was, but the banner says it for the whole bundle.
  onLog: (level, log, report) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && report(level, log),
})
const banner = isClient ? "'use client'" : ''
const names = { entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' }
const { output } = await bundle.write({ dir: CJS, ...names, format: 'cjs', banner })
writeFileSync(join(CJS, 'package.json'), '{ "type": "commonjs" }\n')
mkdirSync(join(CJS, 'licenses'))
for (const id of output.flatMap(({ moduleIds = [] }) => moduleIds)) {
  const [, folder, name] = /^(.*\/node_modules\/([^/]+))\//.exec(id) ?? []
  if (folder && name) copyFileSync(join(folder, licenseIn(folder)), join(CJS, 'licenses', name))
}

/** The files that the package exports, below `dist`. */
function entries() {
  return Object.values(publishConfig.exports).map((entry) => entry.import.default.replace('./dist/', ''))
}

function licenseIn(folder) {
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  if (!file) throw new Error(`${folder} has no license.`)
  return file
}

function compile(...options) {
  execFileSync('tsc', ['-p', 'tsconfig.build.json', ...options], { stdio: 'inherit' })
}

/** Declarations keep the sources' names in their imports, which not every TypeScript finds. */
function nameJavaScript(file) {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from '\.[^']*)\.tsx?'/g, "$1.js'"))
}
