import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

// Builds the package twice: as ES modules, and as CommonJS with its own types, for `require` on Node 20 and for
// TypeScript's older ways to resolve modules. The CommonJS build contains jose, which exists only as ES modules.
const HERE = fileURLToPath(new URL('.', import.meta.url))
const DIST = join(HERE, 'dist')
const CJS = join(DIST, 'cjs')

rmSync(DIST, { recursive: true, force: true })
compile('--outDir', DIST)
compile('--outDir', CJS, '--emitDeclarationOnly')
for (const file of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.d.ts')) nameJavaScript(join(DIST, file))
}

const bundle = await rolldown({ input: join(HERE, 'src/index.ts'), platform: 'neutral' })
const { output } = await bundle.write({ file: join(CJS, 'index.js'), format: 'cjs' })
writeFileSync(join(CJS, 'package.json'), '{ "type": "commonjs" }\n')
mkdirSync(join(CJS, 'licenses'))
for (const id of output.flatMap(({ moduleIds = [] }) => moduleIds)) {
  const [, folder, name] = /^(.*\/node_modules\/([^/]+))\//.exec(id) ?? []
  if (folder && name) copyFileSync(join(folder, 'LICENSE'), join(CJS, 'licenses', name))
}

function compile(...options) {
  execFileSync('tsc', ['-p', join(HERE, 'tsconfig.build.json'), ...options], { stdio: 'inherit' })
}

/** Declarations keep the sources' names in their imports, which not every TypeScript finds. */
function nameJavaScript(file) {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"))
}
