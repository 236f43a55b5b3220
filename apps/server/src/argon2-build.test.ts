import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findArgon2Build, readCpuFlags } from './argon2-build.ts'

const AVX2 = ['sse2', 'avx', 'avx2']
const AVX512 = [...AVX2, 'avx512f', 'avx512dq']
const works = () => true

describe('the build of argon2 that is used', () => {
  let builds: string
  beforeAll(() => {
    builds = mkdtempSync(join(tmpdir(), 'argon2-builds-'))
    for (const level of ['avx2', 'avx512']) mkdirSync(join(builds, level))
  })
  afterAll(() => rmSync(builds, { recursive: true, force: true }))

  test.each([
    { cpu: 'AVX-512', flags: AVX512, level: 'avx512' },
    { cpu: 'AVX2', flags: AVX2, level: 'avx2' },
    { cpu: 'AVX', flags: ['sse2', 'avx'], level: undefined },
    { cpu: 'only SSE2', flags: ['sse2'], level: undefined },
  ])('is the fastest that a CPU with $cpu can run', ({ flags, level }) => {
    expect(findArgon2Build(builds, new Set(flags), works)?.level).toBe(level)
  })

  test('is the next one if the fastest gives a wrong answer', () => {
    const answers = (folder: string) => folder.endsWith('avx2')
    expect(findArgon2Build(builds, new Set(AVX512), answers)?.level).toBe('avx2')
  })

  test("is the package's own if the image has no builds", () => {
    expect(findArgon2Build(join(builds, 'missing'), new Set(AVX512))).toBeNull()
  })

  test('is never one that does not load', () => {
    writeBuild(builds, 'avx512', (file) => writeFileSync(file, 'not a binary'))
    expect(findArgon2Build(builds, new Set(AVX512))).toBeNull()
  })

  test('is one that loads and gives the known answer', () => {
    const binary = createRequire(import.meta.url).resolve('node-gyp-build', { paths: [packageFolder()] })
    const load: unknown = createRequire(import.meta.url)(binary)
    const original = (load as { path(folder: string): string }).path(packageFolder())
    writeBuild(builds, 'avx2', (file) => cpSync(original, file))
    expect(findArgon2Build(builds, new Set(AVX2))).toEqual({ level: 'avx2', folder: join(builds, 'avx2') })
  })
})

test('the flags of the CPU are read from the first core', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cpuinfo-'))
  const file = join(folder, 'cpuinfo')
  writeFileSync(file, 'processor\t: 0\nflags\t\t: fpu avx2 fma\n\nprocessor\t: 1\nflags\t\t: fpu\n')
  expect([...readCpuFlags(file)]).toEqual(['fpu', 'avx2', 'fma'])
  expect(readCpuFlags(join(folder, 'missing')).size).toBe(0)
  rmSync(folder, { recursive: true })
})

function packageFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('argon2/package.json'))
}

function writeBuild(builds: string, level: string, write: (file: string) => void): void {
  const release = join(builds, level, 'build/Release')
  mkdirSync(release, { recursive: true })
  write(join(release, 'argon2.node'))
}
