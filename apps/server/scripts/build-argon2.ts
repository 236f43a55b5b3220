import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

// Builds argon2 for newer x86-64 CPUs, for the production image: `node apps/server/scripts/build-argon2.ts FOLDER`.
// Needs python3, make and g++. src/argon2-build.ts chooses among the builds when the server starts.

const NODE_GYP = 'node-gyp@11.5.0'
/** The compiler's options for each level. More would need CPU flags that some virtual machines hide. */
const LEVELS = { avx2: '-O3 -mavx2', avx512: '-O3 -mavx2 -mavx512f' }

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('Usage: node scripts/build-argon2.ts FOLDER')
  process.exit(1)
}
if (process.arch !== 'x64' || process.platform !== 'linux') {
  console.log(`The package's own binary is used on ${process.platform} with ${process.arch}.`)
  mkdirSync(folder, { recursive: true })
  process.exit(0)
}

const source = dirname(createRequire(import.meta.url).resolve('argon2/package.json'))
/** Where the package's own dependencies are, with the headers that its sources include. */
const dependencies = dirname(realpathSync(source))
const headers = dirname(dirname(realpathSync(process.execPath)))

for (const [level, options] of Object.entries(LEVELS)) {
  const workspace = mkdtempSync(join(tmpdir(), 'argon2-'))
  try {
    cpSync(realpathSync(source), workspace, { recursive: true, filter: (path) => !path.includes('/prebuilds/') })
    console.log(`Building argon2 for ${level} …`)
    execFileSync('npx', ['--yes', NODE_GYP, 'rebuild', `--nodedir=${headers}`], {
      cwd: workspace,
      env: {
        ...process.env,
        NODE_PATH: dependencies,
        CFLAGS: options,
        CXXFLAGS: options,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const target = join(resolve(folder), level, 'build/Release')
    mkdirSync(target, { recursive: true })
    cpSync(join(workspace, 'build/Release/argon2.node'), join(target, 'argon2.node'))
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
}
