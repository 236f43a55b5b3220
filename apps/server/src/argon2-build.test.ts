import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findArgon2Build, readCpuFlags } from './argon2-build.ts'

const V3 = ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave']
const V4 = [...V3, 'avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl']
const works = () => true

describe('the build of argon2 that is used', () => {
  let builds: string
  beforeAll(() => {
    builds = mkdtempSync(join(tmpdir(), 'argon2-builds-'))
    for (const level of ['x86-64-v3', 'x86-64-v4']) mkdirSync(join(builds, level))
  })
  afterAll(() => rmSync(builds, { recursive: true, force: true }))

  test.each([
    { cpu: 'AVX-512', flags: V4, level: 'x86-64-v4' },
    { cpu: 'AVX2', flags: V3, level: 'x86-64-v3' },
    { cpu: 'AVX2 without FMA', flags: V3.filter((flag) => flag !== 'fma'), level: undefined },
    { cpu: 'only SSE2', flags: ['sse2'], level: undefined },
  ])('is the fastest that a CPU with $cpu can run', ({ flags, level }) => {
    expect(findArgon2Build(builds, new Set(flags), works)?.level).toBe(level)
  })

  test('is the next one if the fastest gives a wrong answer', () => {
    const answers = (folder: string) => folder.endsWith('v3')
    expect(findArgon2Build(builds, new Set(V4), answers)?.level).toBe('x86-64-v3')
  })

  test("is the package's own if the image has no builds", () => {
    expect(findArgon2Build(join(builds, 'missing'), new Set(V4))).toBeNull()
  })

  test('is never one that does not load', () => {
    writeBuild(builds, 'x86-64-v4', (file) => writeFileSync(file, 'not a binary'))
    expect(findArgon2Build(builds, new Set(V4))).toBeNull()
  })

  test('is one that loads and gives the known answer', () => {
    const binary = createRequire(import.meta.url).resolve('node-gyp-build', { paths: [packageFolder()] })
    const load: unknown = createRequire(import.meta.url)(binary)
    const original = (load as { path(folder: string): string }).path(packageFolder())
    writeBuild(builds, 'x86-64-v3', (file) => cpSync(original, file))
    expect(findArgon2Build(builds, new Set(V3))).toEqual({ level: 'x86-64-v3', folder: join(builds, 'x86-64-v3') })
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
