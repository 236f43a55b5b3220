import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The argon2 package ships one binary for the oldest x86-64 CPUs. The production image adds builds of the same sources
// for newer CPUs (scripts/build-argon2.ts). They hash two to three times as fast. The package reads ARGON2_PREBUILD
// when it is first loaded, so main.ts imports this module before everything that hashes.

/** Where the production image keeps its builds: `argon2-builds/avx2/build/Release/argon2.node`. */
const BUILDS = fileURLToPath(new URL('../argon2-builds/', import.meta.url))

/** The fastest first. Each is compiled for exactly the flags that it needs, as Linux names them. */
const LEVELS = [
  { level: 'avx512', needs: ['avx2', 'avx512f'] },
  { level: 'avx2', needs: ['avx2'] },
]

/** A hash with known parameters and salt. Every correct build gives this answer. */
const QUESTION = `
  const { argon2id, hash } = require(process.argv[1])
  const options = { type: argon2id, memoryCost: 1024, timeCost: 1, parallelism: 1, salt: Buffer.alloc(16, 7) }
  hash('known answer', options).then((phc) => process.stdout.write(phc))`
const ANSWER = '$argon2id$v=19$m=1024,p=1,t=1$BwcHBwcHBwcHBwcHBwcHBw$5TDEvGfQjVYZodddanFzvf9HxprebCmSrQzma/BXsI8'
const ANSWER_TIMEOUT_MS = 5000

/**
 * Finds the fastest build of argon2 that this CPU can run and that gives the known answer. The answer is computed in a
 * process of its own, because a build with instructions that the CPU lacks ends its process.
 *
 * @param builds the folder with a build per level.
 * @param cpuFlags the `flags` of `/proc/cpuinfo`.
 * @returns the level and the build's folder, or null to use the package's own binary.
 */
export function findArgon2Build(
  builds: string,
  cpuFlags: ReadonlySet<string>,
  answers: (folder: string) => boolean = givesKnownAnswer,
): { level: string; folder: string } | null {
  const candidates = LEVELS.filter(({ needs }) => needs.every((flag) => cpuFlags.has(flag)))
  for (const { level } of candidates) {
    const folder = join(builds, level)
    if (existsSync(folder) && answers(folder)) return { level, folder }
  }
  return null
}

function givesKnownAnswer(folder: string): boolean {
  const argon2 = createRequire(import.meta.url).resolve('argon2')
  try {
    const answer = execFileSync(process.execPath, ['--eval', QUESTION, argon2], {
      env: { ...process.env, ARGON2_PREBUILD: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: ANSWER_TIMEOUT_MS,
    })
    return answer.toString() === ANSWER
  } catch {
    return false
  }
}

/** The flags of the first core; empty where Linux's `/proc/cpuinfo` is missing. */
export function readCpuFlags(file = '/proc/cpuinfo'): ReadonlySet<string> {
  if (!existsSync(file)) return new Set()
  return new Set(/^flags\s*:(.*)$/m.exec(readFileSync(file, 'utf8'))?.[1]?.trim().split(' '))
}

/** The level of the build in use, or `package` for the package's own binary. */
export const argon2Build = selectBuild()

function selectBuild(): string {
  if (!existsSync(BUILDS)) return 'package'
  const found = findArgon2Build(BUILDS, readCpuFlags())
  if (!found) return 'package'
  process.env['ARGON2_PREBUILD'] = found.folder
  return found.level
}
